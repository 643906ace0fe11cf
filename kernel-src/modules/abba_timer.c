// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * /dev/abba_timer: a task takes inbox_lock and then outbox_lock, a timer's
 * callback takes them in the reverse order. The timer expires while the task has
 * the first of them: the callback (a softirq, on top of the task) has the second
 * and spins for the first for ever.
 *
 *	echo x > /dev/abba_timer
 */
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/processor.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

/* The timer wheel may round one tick up to two; by then the callback has run, */
#define WORK_TICKS	5
/* unless softirqs wait for ksoftirqd, which has no turn before the task sleeps. */
#define MOST_ROUNDS	100

static DEFINE_SPINLOCK(inbox_lock);
static DEFINE_SPINLOCK(outbox_lock);
static unsigned long inbox, outbox;

static void send_back(struct timer_list *timer)
{
	spin_lock(&outbox_lock);
	spin_lock(&inbox_lock);
	inbox += outbox;
	outbox = 0;
	spin_unlock(&inbox_lock);
	spin_unlock(&outbox_lock);
}
static DEFINE_TIMER(post_timer, send_back);

static noinline void send_out(void)
{
	unsigned long end;

	spin_lock(&inbox_lock);
	end = jiffies + WORK_TICKS;
	while (time_before(jiffies, end))
		cpu_relax();
	spin_lock(&outbox_lock);
	outbox += inbox;
	inbox = 0;
	spin_unlock(&outbox_lock);
	spin_unlock(&inbox_lock);
}

static ssize_t abba_timer_write(struct file *file, const char __user *buf, size_t count,
				loff_t *ppos)
{
	int round;

	for (round = 0; round < MOST_ROUNDS; round++) {
		schedule_timeout_uninterruptible(1);
		mod_timer(&post_timer, jiffies + 1);
		send_out();
	}
	del_timer_sync(&post_timer);
	return count;
}

static const struct file_operations abba_timer_fops = {
	.owner	= THIS_MODULE,
	.write	= abba_timer_write,
};

static struct miscdevice abba_timer_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "abba_timer",
	.mode	= 0666,
	.fops	= &abba_timer_fops,
};
module_misc_device(abba_timer_device);

MODULE_DESCRIPTION("Takes two locks in two orders, in a task and in a timer");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
