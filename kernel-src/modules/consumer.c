// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Needs provider.ko: insmod fails while that is not loaded. */
#include <linux/module.h>
#include "provider.h"

static int __init consumer_init(void)
{
	pr_info("consumer: the answer is %d\n", provider_answer());
	return 0;
}
module_init(consumer_init);

static void __exit consumer_exit(void)
{
}
module_exit(consumer_exit);

MODULE_DESCRIPTION("Calls a symbol of another module");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
