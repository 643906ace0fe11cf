// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * /dev/irq_lock: a task holds a lock with interrupts enabled, and the handler of an
 * interrupt takes the same lock: it spins, with interrupts off, for what only the
 * task below it could release. spin_lock_irqsave() in the task is the remedy.
 *
 * The interrupt is real: IRQ 1 of the PC's keyboard controller, for which this kernel
 * has no driver. A write asks the keyboard for an echo, and its answer interrupts. The
 * handler runs in hard interrupt context.
 *
 *	echo x > /dev/irq_lock
 */
#include <linux/fs.h>
#include <linux/i8042.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/processor.h>
#include <linux/spinlock.h>

/* IBM PC AT Technical Reference, "Keyboard Controller" and "Keyboard". */
#define DATA_PORT	0x60
#define COMMAND_PORT	0x64
#define KEYBOARD_IRQ	1
#define KEYBOARD_ECHO	0xee

static DEFINE_SPINLOCK(answer_lock);
static unsigned int answers;	/* since the last write */

static irqreturn_t count_answer(int irq, void *cookie)
{
	inb(DATA_PORT);	/* which lets the controller send the next one */
	spin_lock(&answer_lock);
	answers++;
	spin_unlock(&answer_lock);
	return IRQ_HANDLED;
}

static void send(u8 byte, unsigned long port)
{
	while (inb(COMMAND_PORT) & I8042_STR_IBF)
		cpu_relax();
	outb(byte, port);
}

static void configure_controller(u8 command_byte)
{
	send((u8)I8042_CMD_CTL_WCTR, COMMAND_PORT);
	send(command_byte, DATA_PORT);
}

static ssize_t irq_lock_write(struct file *file, const char __user *buf, size_t count,
			      loff_t *ppos)
{
	spin_lock(&answer_lock);	/* spin_lock_irqsave() would keep the handler off */
	answers = 0;
	send(KEYBOARD_ECHO, DATA_PORT);
	while (READ_ONCE(answers) == 0)
		cpu_relax();
	spin_unlock(&answer_lock);
	return count;
}

static const struct file_operations irq_lock_fops = {
	.owner	= THIS_MODULE,
	.write	= irq_lock_write,
};

static struct miscdevice irq_lock_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "irq_lock",
	.mode	= 0666,
	.fops	= &irq_lock_fops,
};

static int __init irq_lock_init(void)
{
	int err;

	err = request_irq(KEYBOARD_IRQ, count_answer, 0, "irq_lock", NULL);
	if (err)
		return err;
	configure_controller(I8042_CTR_KBDINT);
	inb(DATA_PORT);	/* a byte that nobody took would hold up the answer */
	err = misc_register(&irq_lock_device);
	if (err)
		free_irq(KEYBOARD_IRQ, NULL);
	return err;
}
module_init(irq_lock_init);

static void __exit irq_lock_exit(void)
{
	misc_deregister(&irq_lock_device);
	configure_controller(I8042_CTR_KBDDIS);
	free_irq(KEYBOARD_IRQ, NULL);
}
module_exit(irq_lock_exit);

MODULE_DESCRIPTION("Deadlocks a task with an interrupt handler");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
