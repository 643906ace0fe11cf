// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Takes the same spinlock twice in its init: a deadlock with itself. */
#include <linux/module.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(lock);

static noinline void take_again(void)
{
	spin_lock(&lock);
	spin_unlock(&lock);
}

static int __init double_lock_init(void)
{
	pr_info("double_lock: taking the lock twice\n");
	spin_lock(&lock);
	take_again();
	spin_unlock(&lock);
	return 0;
}
module_init(double_lock_init);

MODULE_DESCRIPTION("Deadlocks with itself");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
