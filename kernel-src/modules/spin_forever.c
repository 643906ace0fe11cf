// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * An endless loop in its init, in no lock's slow path. With irqs_off=1 not even
 * the kernel's own watchdog can run.
 */
#include <linux/irqflags.h>
#include <linux/module.h>
#include <linux/processor.h>

static bool irqs_off;
module_param(irqs_off, bool, 0444);
MODULE_PARM_DESC(irqs_off, "spin with interrupts off (default 0)");

static noinline void spin(void)
{
	for (;;)
		cpu_relax();
}

static int __init spin_forever_init(void)
{
	pr_info("spin_forever: interrupts %s\n", irqs_off ? "off" : "on");
	if (irqs_off)
		local_irq_disable();
	spin();
	return 0;
}
module_init(spin_forever_init);

MODULE_DESCRIPTION("Spins for ever in init");
MODULE_AUTHOR("kspace");
MODULE_LICENSE("Dual MIT/GPL");
