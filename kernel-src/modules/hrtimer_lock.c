// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * /dev/hrtimer_lock: as irq_lock.c, but the lock is taken by the callback of a high
 * resolution timer. That is called by the interrupt of the timer chip itself, in hard
 * interrupt context, so it spins with interrupts off.
 *
 *	echo x > /dev/hrtimer_lock
 */
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/processor.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(sample_lock);
static unsigned int samples;	/* since the last write */
static struct hrtimer sample_timer;

static enum hrtimer_restart take_sample(struct hrtimer *timer)
{
	spin_lock(&sample_lock);
	samples++;
	spin_unlock(&sample_lock);
	return HRTIMER_NORESTART;
}

static ssize_t hrtimer_lock_write(struct file *file, const char __user *buf, size_t count,
				  loff_t *ppos)
{
	spin_lock(&sample_lock);	/* spin_lock_irqsave() would keep the timer off */
	samples = 0;
	hrtimer_start(&sample_timer, ms_to_ktime(1), HRTIMER_MODE_REL_HARD);
	while (READ_ONCE(samples) == 0)
		cpu_relax();
	spin_unlock(&sample_lock);
	return count;
}

static const struct file_operations hrtimer_lock_fops = {
	.owner	= THIS_MODULE,
	.write	= hrtimer_lock_write,
};

static struct miscdevice hrtimer_lock_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "hrtimer_lock",
	.mode	= 0666,
	.fops	= &hrtimer_lock_fops,
};

static int __init hrtimer_lock_init(void)
{
	hrtimer_init(&sample_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	sample_timer.function = take_sample;
	return misc_register(&hrtimer_lock_device);
}
module_init(hrtimer_lock_init);

static void __exit hrtimer_lock_exit(void)
{
	misc_deregister(&hrtimer_lock_device);
	hrtimer_cancel(&sample_timer);
}
module_exit(hrtimer_lock_exit);

MODULE_DESCRIPTION("Deadlocks a task with a timer's interrupt");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
