// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Halts with interrupts off in its init: nothing can wake the processor. */
#include <linux/irqflags.h>
#include <linux/module.h>

static int __init irqs_off_halt_init(void)
{
	pr_info("irqs_off_halt: good night\n");
	local_irq_disable();
	for (;;)
		halt();
	return 0;
}
module_init(irqs_off_halt_init);

MODULE_DESCRIPTION("Halts with interrupts off");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
