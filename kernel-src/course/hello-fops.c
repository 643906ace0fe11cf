// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Sections 2 to 4: a device with operations of its own.
 *
 * /dev/hello holds one message of up to HELLO_MEMSIZ bytes:
 *
 *   - write() replaces the message;
 *   - read() gets the message from the file position on, and 0 (end of file)
 *     behind its end, so `cat /dev/hello` prints it once and stops;
 *   - write() sets the file position to the start, so a program can read back
 *     through the same descriptor what it has just written.
 *
 *	$ sudo insmod ./hello.ko
 *	$ ./a.out			compiled from hello-test.c
 *	$ sudo rmmod hello
 *	$ dmesg | tail
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/init.h>
#include <linux/minmax.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

/* Size in bytes of the memory behind /dev/hello. */
#define HELLO_MEMSIZ	4096

/*
 * hello_lock guards hello_mem and hello_len: a reader sees a whole message or
 * none of it.
 *
 * A word of warning: copy_from_user() and copy_to_user() may have to wait for a
 * page of the program to be fetched, and one must not sleep with a spinlock
 * held. A real driver would take a mutex here. This one takes a spinlock, since
 * section 3 is about what happens when a spinlock is never given back.
 */
static DEFINE_SPINLOCK(hello_lock);
static char *hello_mem;
static size_t hello_len;	/* bytes of hello_mem that hold the message */

static int hello_open(struct inode *inode, struct file *file)
{
	pr_info("opened by %s (pid %d)\n", current->comm, task_pid_nr(current));
	return 0;
}

static ssize_t hello_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	ssize_t ret = 0;

	spin_lock(&hello_lock);
	if (*ppos < hello_len) {
		count = min_t(size_t, count, hello_len - *ppos);
		if (copy_to_user(buf, hello_mem + *ppos, count)) {
			ret = -EFAULT;
		} else {
			*ppos += count;
			ret = count;
		}
	}
	spin_unlock(&hello_lock);

	return ret;	/* the number of bytes read, or an error */
}

static ssize_t hello_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	ssize_t ret = count;

	if (count > HELLO_MEMSIZ)
		return -ENOSPC;

	spin_lock(&hello_lock);
	if (copy_from_user(hello_mem, buf, count)) {
		/* An unknown part of it was copied: that is no message. */
		hello_len = 0;
		ret = -EFAULT;
	} else {
		hello_len = count;
		*ppos = 0;
	}
	spin_unlock(&hello_lock);

	return ret;	/* the number of bytes written, or an error */
}

/* open(), read() and write() on /dev/hello lead to these functions. */
static const struct file_operations hello_fops = {
	.owner	= THIS_MODULE,
	.open	= hello_open,
	.read	= hello_read,
	.write	= hello_write,
	.llseek	= default_llseek,
};

static struct miscdevice hello_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "hello",
	.mode	= 0666,
	.fops	= &hello_fops,
};

static int __init hello_init(void)
{
	int err;

	hello_mem = kmalloc(HELLO_MEMSIZ, GFP_KERNEL);
	if (!hello_mem)
		return -ENOMEM;

	err = misc_register(&hello_device);
	if (err) {
		kfree(hello_mem);
		return err;
	}

	pr_info("loaded: read and write /dev/hello\n");
	return 0;
}

static void __exit hello_exit(void)
{
	misc_deregister(&hello_device);
	kfree(hello_mem);
	pr_info("unloaded\n");
}

module_init(hello_init);
module_exit(hello_exit);

MODULE_DESCRIPTION("Sections 2 to 4: a device that is read and written");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
