// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Exports a function for consumer.c. */
#include <linux/module.h>
#include "provider.h"

int provider_answer(void)
{
	return 42;
}
EXPORT_SYMBOL(provider_answer);

MODULE_DESCRIPTION("Exports a symbol");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
