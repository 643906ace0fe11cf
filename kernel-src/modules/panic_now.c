// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Panics in its init. */
#include <linux/kernel.h>
#include <linux/module.h>

static int __init panic_now_init(void)
{
	panic("panic_now: asked for");
	return 0;
}
module_init(panic_now_init);

MODULE_DESCRIPTION("Panics in init");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
