// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * /dev/nested_lock counts writes and their bytes. Its write takes tally_lock and
 * calls a function whose callee takes it again: a deadlock with itself, of which
 * no single function of it shows both halves.
 *
 *	echo x > /dev/nested_lock
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/spinlock.h>

#define MANY_BYTES	4096

static DEFINE_SPINLOCK(tally_lock);
static unsigned long tally_writes;
static size_t tally_bytes;

static noinline size_t add_bytes(size_t count)
{
	size_t sum;

	spin_lock(&tally_lock);	/* its caller's caller has it already */
	tally_bytes += count;
	sum = tally_bytes;
	spin_unlock(&tally_lock);
	return sum;
}

static noinline void note_write(size_t count)
{
	tally_writes++;
	if (add_bytes(count) > MANY_BYTES)
		pr_info("nested_lock: many bytes, in %lu writes\n", tally_writes);
}

static ssize_t nested_lock_write(struct file *file, const char __user *buf, size_t count,
				 loff_t *ppos)
{
	spin_lock(&tally_lock);
	note_write(count);
	spin_unlock(&tally_lock);
	return count;
}

static const struct file_operations nested_lock_fops = {
	.owner	= THIS_MODULE,
	.write	= nested_lock_write,
};

static struct miscdevice nested_lock_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "nested_lock",
	.mode	= 0666,
	.fops	= &nested_lock_fops,
};
module_misc_device(nested_lock_device);

MODULE_DESCRIPTION("Deadlocks with itself through a nested call");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
