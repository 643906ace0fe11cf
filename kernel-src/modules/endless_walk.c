// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * /dev/endless_walk: each write of a number adds a record to a list, or takes one that
 * is there to its head; it forgets to unlink that first, and the list becomes a
 * circle. The next search for what is not in it never ends: a loop of several lines
 * and a call, with interrupts on.
 *
 *	for i in 1 2 1 3; do echo $i > /dev/endless_walk; done
 */
#include <linux/fs.h>
#include <linux/kstrtox.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct record {
	struct record *next;
	int number;
};

static DEFINE_MUTEX(records_mutex);	/* guards records */
static struct record *records;

static noinline bool matches(const struct record *record, int number)
{
	return record->number == number;
}

static noinline struct record *find(int number)
{
	struct record *record = READ_ONCE(records);

	while (record) {
		if (matches(record, number))
			return record;
		record = READ_ONCE(record->next);
	}
	return NULL;
}

static int push(int number)
{
	struct record *record = find(number);

	if (!record)
		record = kmalloc(sizeof(*record), GFP_KERNEL);
	if (!record)
		return -ENOMEM;
	record->number = number;
	record->next = records;	/* one that is in the list is not taken out of it */
	records = record;
	return 0;
}

static ssize_t endless_walk_write(struct file *file, const char __user *buf, size_t count,
				  loff_t *ppos)
{
	int number, err;

	err = kstrtoint_from_user(buf, count, 0, &number);
	if (err)
		return err;
	mutex_lock(&records_mutex);
	err = push(number);
	mutex_unlock(&records_mutex);
	return err ?: count;
}

static const struct file_operations endless_walk_fops = {
	.owner	= THIS_MODULE,
	.write	= endless_walk_write,
};

static struct miscdevice endless_walk_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "endless_walk",
	.mode	= 0666,
	.fops	= &endless_walk_fops,
};
module_misc_device(endless_walk_device);

MODULE_DESCRIPTION("Searches a list that has become a circle");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
