// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * /dev/rwlock_hold: a write takes a readers-writer lock for writing and never releases
 * it. The next read spins for it as a reader, the next write as a writer.
 *
 *	echo x > /dev/rwlock_hold; cat /dev/rwlock_hold
 *	echo x > /dev/rwlock_hold; echo x > /dev/rwlock_hold
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

static DEFINE_RWLOCK(table_lock);
static size_t entries;

static ssize_t rwlock_hold_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	char line[24];
	int length;

	read_lock(&table_lock);
	length = scnprintf(line, sizeof(line), "%zu entries\n", entries);
	read_unlock(&table_lock);
	return simple_read_from_buffer(buf, count, ppos, line, length);
}

static ssize_t rwlock_hold_write(struct file *file, const char __user *buf, size_t count,
				 loff_t *ppos)
{
	write_lock(&table_lock);
	entries++;
	return count;	/* with table_lock held */
}

static const struct file_operations rwlock_hold_fops = {
	.owner	= THIS_MODULE,
	.read	= rwlock_hold_read,
	.write	= rwlock_hold_write,
};

static struct miscdevice rwlock_hold_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "rwlock_hold",
	.mode	= 0666,
	.fops	= &rwlock_hold_fops,
};
module_misc_device(rwlock_hold_device);

MODULE_DESCRIPTION("Never releases a readers-writer lock");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
