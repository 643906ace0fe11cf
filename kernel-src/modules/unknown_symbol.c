// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Calls a function that nobody exports: insmod must name it and fail. */
#include <linux/module.h>

void nobody_exports_this(void);

static int __init unknown_symbol_init(void)
{
	nobody_exports_this();
	return 0;
}
module_init(unknown_symbol_init);

MODULE_DESCRIPTION("Refers to an unknown symbol");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
