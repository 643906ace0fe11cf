// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Parameters of each common kind; init prints what it got. */
#include <linux/module.h>

static int number = 1;
module_param(number, int, 0644);
MODULE_PARM_DESC(number, "an integer (default 1)");

static char *text = "none";
module_param(text, charp, 0444);
MODULE_PARM_DESC(text, "a string (default \"none\")");

static bool flag;
module_param(flag, bool, 0644);
MODULE_PARM_DESC(flag, "a boolean (default 0)");

static int list[4];
static unsigned int list_length;
module_param_array(list, int, &list_length, 0444);
MODULE_PARM_DESC(list, "up to four integers, separated by commas");

static int __init with_params_init(void)
{
	unsigned int i;

	pr_info("with_params: number=%d text=\"%s\" flag=%d\n", number, text, flag);
	for (i = 0; i < list_length; i++)
		pr_info("with_params: list[%u]=%d\n", i, list[i]);
	return 0;
}
module_init(with_params_init);

static void __exit with_params_exit(void)
{
	pr_info("with_params: unloaded\n");
}
module_exit(with_params_exit);

MODULE_DESCRIPTION("Prints its parameters");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
