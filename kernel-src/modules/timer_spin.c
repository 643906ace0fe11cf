// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * /dev/timer_spin: a write starts a timer and sleeps until its callback has seen the
 * device ready. That never is, and the callback does not return: a softirq that spins
 * for ever on top of whatever ran when the tick came, most likely an idle processor.
 *
 *	echo x > /dev/timer_spin
 */
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/processor.h>
#include <linux/timer.h>
#include <linux/wait.h>

static bool ready;	/* which nobody sets */
static DECLARE_WAIT_QUEUE_HEAD(until_ready);

static void poll_device(struct timer_list *timer)
{
	while (!READ_ONCE(ready))
		cpu_relax();
	wake_up(&until_ready);
}
static DEFINE_TIMER(poll_timer, poll_device);

static ssize_t timer_spin_write(struct file *file, const char __user *buf, size_t count,
				loff_t *ppos)
{
	mod_timer(&poll_timer, jiffies + 1);
	wait_event(until_ready, READ_ONCE(ready));
	return count;
}

static const struct file_operations timer_spin_fops = {
	.owner	= THIS_MODULE,
	.write	= timer_spin_write,
};

static struct miscdevice timer_spin_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "timer_spin",
	.mode	= 0666,
	.fops	= &timer_spin_fops,
};
module_misc_device(timer_spin_device);

MODULE_DESCRIPTION("Spins for ever in a timer's callback");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
