// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * /dev/rwsem_hold: a write takes an rw_semaphore for writing and never releases it.
 * The next read sleeps for it in state D for good; the machine stays healthy.
 *
 *	echo x > /dev/rwsem_hold; cat /dev/rwsem_hold &
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/rwsem.h>
#include <linux/uaccess.h>

static DECLARE_RWSEM(config_sem);
static size_t changes;

static ssize_t rwsem_hold_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	char line[24];
	int length;

	down_read(&config_sem);
	length = scnprintf(line, sizeof(line), "%zu changes\n", changes);
	up_read(&config_sem);
	return simple_read_from_buffer(buf, count, ppos, line, length);
}

static ssize_t rwsem_hold_write(struct file *file, const char __user *buf, size_t count,
				loff_t *ppos)
{
	down_write(&config_sem);
	changes++;
	return count;	/* with config_sem held */
}

static const struct file_operations rwsem_hold_fops = {
	.owner	= THIS_MODULE,
	.read	= rwsem_hold_read,
	.write	= rwsem_hold_write,
};

static struct miscdevice rwsem_hold_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "rwsem_hold",
	.mode	= 0666,
	.fops	= &rwsem_hold_fops,
};
module_misc_device(rwsem_hold_device);

MODULE_DESCRIPTION("Never releases an rw_semaphore");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
