// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * /dev/irqsave_hold: a write takes a lock with interrupts off and never releases it.
 * The next write spins for it with interrupts off, so that not even the kernel's own
 * watchdog can run.
 *
 *	echo x > /dev/irqsave_hold; echo x > /dev/irqsave_hold
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(port_lock);
static size_t written;

static ssize_t irqsave_hold_write(struct file *file, const char __user *buf, size_t count,
				  loff_t *ppos)
{
	unsigned long flags;

	spin_lock_irqsave(&port_lock, flags);
	written += count;
	return count;	/* with port_lock held */
}

static const struct file_operations irqsave_hold_fops = {
	.owner	= THIS_MODULE,
	.write	= irqsave_hold_write,
};

static struct miscdevice irqsave_hold_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "irqsave_hold",
	.mode	= 0666,
	.fops	= &irqsave_hold_fops,
};
module_misc_device(irqsave_hold_device);

MODULE_DESCRIPTION("Never releases a lock that it takes with interrupts off");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
