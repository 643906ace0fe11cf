// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * /dev/abba_mutex: a write takes two mutexes, a read takes them in the reverse order.
 * Either waits, with its first mutex, until there is another task with its first, so
 * one of each deadlocks for certain: both sleep in state D for good, and the machine
 * stays healthy.
 *
 *	cat /dev/abba_mutex &
 *	echo x > /dev/abba_mutex &
 */
#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/wait.h>

static DEFINE_MUTEX(source_mutex);
static DEFINE_MUTEX(target_mutex);

/* Tasks that have their first mutex. */
static atomic_t halfway = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(meeting);

/* Returns an error when a signal comes first. */
static int meet_the_other(void)
{
	int err;

	atomic_inc(&halfway);
	wake_up(&meeting);
	err = wait_event_interruptible(meeting, atomic_read(&halfway) == 2);
	if (err)
		atomic_dec(&halfway);
	return err;
}

static ssize_t abba_mutex_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	int err;

	mutex_lock(&target_mutex);
	err = meet_the_other();
	if (!err) {
		mutex_lock(&source_mutex);
		mutex_unlock(&source_mutex);
	}
	mutex_unlock(&target_mutex);
	return err;
}

static ssize_t abba_mutex_write(struct file *file, const char __user *buf, size_t count,
				loff_t *ppos)
{
	int err;

	mutex_lock(&source_mutex);
	err = meet_the_other();
	if (!err) {
		mutex_lock(&target_mutex);
		mutex_unlock(&target_mutex);
	}
	mutex_unlock(&source_mutex);
	return err ?: count;
}

static const struct file_operations abba_mutex_fops = {
	.owner	= THIS_MODULE,
	.read	= abba_mutex_read,
	.write	= abba_mutex_write,
};

static struct miscdevice abba_mutex_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "abba_mutex",
	.mode	= 0666,
	.fops	= &abba_mutex_fops,
};
module_misc_device(abba_mutex_device);

MODULE_DESCRIPTION("Takes two mutexes in two orders");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
