// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Calls itself until the kernel stack is used up. */
#include <linux/module.h>

static noinline unsigned int recurse(unsigned int depth)
{
	volatile unsigned int frame[16];

	frame[depth % ARRAY_SIZE(frame)] = depth;
	/* The addition after the call keeps it from becoming a jump. */
	return recurse(depth + 1) + frame[depth % ARRAY_SIZE(frame)];
}

static int __init stack_overflow_init(void)
{
	pr_info("stack_overflow: recursing\n");
	return recurse(0) == 0 ? 0 : -EINVAL;
}
module_init(stack_overflow_init);

MODULE_DESCRIPTION("Overflows the kernel stack");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
