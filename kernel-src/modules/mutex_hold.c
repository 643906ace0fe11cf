// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * /dev/mutex_hold: the first open takes a mutex and nobody ever releases it. The
 * second open blocks for good in state D, which the hung task detector reports.
 * The machine itself stays healthy.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>

static DEFINE_MUTEX(mutex);

static int mutex_hold_open(struct inode *inode, struct file *file)
{
	mutex_lock(&mutex);
	pr_info("mutex_hold: taken, for good\n");
	return 0;
}

static const struct file_operations mutex_hold_fops = {
	.owner	= THIS_MODULE,
	.open	= mutex_hold_open,
};

static struct miscdevice mutex_hold_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "mutex_hold",
	.mode	= 0666,
	.fops	= &mutex_hold_fops,
};
module_misc_device(mutex_hold_device);

MODULE_DESCRIPTION("Holds a mutex for ever");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
