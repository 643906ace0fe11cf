// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Writes through a NULL pointer in its init: an oops that kills insmod. The
 * store is two calls deep, so that the trace has something to show.
 */
#include <linux/module.h>

struct record {
	int id;
	int value;
};

static noinline void set_value(struct record *record, int value)
{
	/* volatile: the compiler may not turn what must crash into a trap. */
	*(volatile int *)&record->value = value;
}

static noinline int fill_record(struct record *record)
{
	set_value(record, 42);
	return 0;
}

static int __init null_deref_init(void)
{
	struct record *record = NULL;

	/* Hides the NULL from the compiler. */
	OPTIMIZER_HIDE_VAR(record);
	return fill_record(record);
}
module_init(null_deref_init);

MODULE_DESCRIPTION("Dereferences NULL in init");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
