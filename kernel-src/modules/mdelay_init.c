// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Busy for four seconds in its init and then healthy: the machine does nothing
 * else meanwhile, yet it is not frozen.
 */
#include <linux/delay.h>
#include <linux/module.h>

#define BUSY_MS	4000

static int __init mdelay_init_init(void)
{
	pr_info("mdelay_init: busy for %d ms\n", BUSY_MS);
	mdelay(BUSY_MS);
	pr_info("mdelay_init: done\n");
	return 0;
}
module_init(mdelay_init_init);

static void __exit mdelay_init_exit(void)
{
}
module_exit(mdelay_init_exit);

MODULE_DESCRIPTION("Busy-waits in init");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
