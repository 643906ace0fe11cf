// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * /dev/completion_wait: a read sleeps in state D until a transfer is done, and nothing
 * ever completes it; the machine stays healthy. Nobody holds anything here.
 *
 *	cat /dev/completion_wait &
 */
#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

static DECLARE_COMPLETION(transfer_done);

static ssize_t completion_wait_read(struct file *file, char __user *buf, size_t count,
				    loff_t *ppos)
{
	wait_for_completion(&transfer_done);
	return 0;
}

static const struct file_operations completion_wait_fops = {
	.owner	= THIS_MODULE,
	.read	= completion_wait_read,
};

static struct miscdevice completion_wait_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "completion_wait",
	.mode	= 0666,
	.fops	= &completion_wait_fops,
};
module_misc_device(completion_wait_device);

MODULE_DESCRIPTION("Waits for a completion that never comes");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
