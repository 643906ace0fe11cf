// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Section 1: the simplest module that does something.
 *
 * While it is loaded there is a device /dev/hello and a piece of kernel memory
 * that belongs to it. Nothing can be done with either yet: the device's
 * operations come in section 2 (hello-fops.c).
 *
 *	$ sudo insmod ./hello.ko	runs hello_init()
 *	$ ls -l /dev/hello
 *	$ sudo rmmod hello		runs hello_exit()
 *	$ dmesg | tail			shows what the two printed
 */

/* Each line that pr_info() and its relatives print begins with "hello: ". */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/init.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/slab.h>

/* Size in bytes of the memory behind /dev/hello. */
#define HELLO_MEMSIZ	4096

static char *hello_mem;

/* .owner keeps the module from being unloaded while the device is open. */
static const struct file_operations hello_fops = {
	.owner	= THIS_MODULE,
};

static struct miscdevice hello_device = {
	.minor	= MISC_DYNAMIC_MINOR,	/* the kernel picks a free number */
	.name	= "hello",		/* the name below /dev */
	.mode	= 0666,			/* everybody may open it */
	.fops	= &hello_fops,
};

static int __init hello_init(void)
{
	int err;

	hello_mem = kmalloc(HELLO_MEMSIZ, GFP_KERNEL);
	if (!hello_mem)
		return -ENOMEM;

	/*
	 * Registering comes last: from here on the device can be opened, so
	 * all that it needs must be there.
	 */
	err = misc_register(&hello_device);
	if (err) {
		/* hello_exit() is not called when hello_init() fails. */
		kfree(hello_mem);
		return err;
	}

	pr_info("loaded: /dev/hello is there, with %d bytes of memory\n", HELLO_MEMSIZ);
	return 0;
}

/* The reverse of hello_init(), in the reverse order. */
static void __exit hello_exit(void)
{
	misc_deregister(&hello_device);
	kfree(hello_mem);
	pr_info("unloaded\n");
}

module_init(hello_init);
module_exit(hello_exit);

MODULE_DESCRIPTION("Section 1: loading and unloading a module");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
