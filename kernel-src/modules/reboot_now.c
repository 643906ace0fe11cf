// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Reboots the machine in its init, at once and without a word to anybody. */
#include <linux/module.h>
#include <linux/reboot.h>

static int __init reboot_now_init(void)
{
	emergency_restart();
	return 0;
}
module_init(reboot_now_init);

MODULE_DESCRIPTION("Reboots in init");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
