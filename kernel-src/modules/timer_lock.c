// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * /dev/timer_lock: a task holds a lock with softirqs enabled, and a timer whose
 * callback takes the same lock expires meanwhile. The callback runs on top of the
 * task (as a softirq, on its way out of the tick's interrupt) and spins for what
 * only the task below it could release. spin_lock_bh() in the task is the remedy.
 *
 *	echo x > /dev/timer_lock
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

static DEFINE_SPINLOCK(beat_lock);
static unsigned long beats;

static void count_beat(struct timer_list *timer)
{
	spin_lock(&beat_lock);
	beats++;
	spin_unlock(&beat_lock);
}
static DEFINE_TIMER(beat_timer, count_beat);

static noinline void reset_beats(void)
{
	unsigned long end;

	spin_lock(&beat_lock);	/* spin_lock_bh() would keep the timer off */
	end = jiffies + WORK_TICKS;
	while (time_before(jiffies, end))
		cpu_relax();
	beats = 0;
	spin_unlock(&beat_lock);
}

static ssize_t timer_lock_write(struct file *file, const char __user *buf, size_t count,
				loff_t *ppos)
{
	int round;

	for (round = 0; round < MOST_ROUNDS; round++) {
		schedule_timeout_uninterruptible(1);
		mod_timer(&beat_timer, jiffies + 1);
		reset_beats();
	}
	del_timer_sync(&beat_timer);
	return count;
}

static const struct file_operations timer_lock_fops = {
	.owner	= THIS_MODULE,
	.write	= timer_lock_write,
};

static struct miscdevice timer_lock_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "timer_lock",
	.mode	= 0666,
	.fops	= &timer_lock_fops,
};
module_misc_device(timer_lock_device);

MODULE_DESCRIPTION("Deadlocks a task with a timer");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
