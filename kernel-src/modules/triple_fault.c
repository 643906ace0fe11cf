// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Loads an empty interrupt table and raises an exception. No handler can be
 * found for it, none for the double fault that follows, and the processor
 * resets (Intel SDM vol. 3A, 6.15, "Interrupt 8").
 */
#include <linux/module.h>
#include <asm/desc_defs.h>

static int __init triple_fault_init(void)
{
	static const struct desc_ptr empty = { .size = 0, .address = 0 };

	asm volatile("lidt %0\n\tint3" : : "m"(empty));
	return 0;
}
module_init(triple_fault_init);

MODULE_DESCRIPTION("Resets the processor by a triple fault");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
