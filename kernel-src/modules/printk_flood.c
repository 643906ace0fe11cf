// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Prints count numbered messages in its init. */
#include <linux/module.h>

static unsigned int count = 20000;
module_param(count, uint, 0444);
MODULE_PARM_DESC(count, "how many messages (default 20000)");

static int __init printk_flood_init(void)
{
	unsigned int i;

	for (i = 1; i <= count; i++)
		pr_info("printk_flood: message %u of %u\n", i, count);
	return 0;
}
module_init(printk_flood_init);

static void __exit printk_flood_exit(void)
{
}
module_exit(printk_flood_exit);

MODULE_DESCRIPTION("Floods the kernel log");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
