// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel console on the third 8250 port that writes extended records, in
 * the format of /dev/kmsg (Documentation/ABI/testing/dev-kmsg):
 *
 *	<prefix>,<sequence>,<microseconds>,<flags>;<text>
 *
 * The host gets each message with its level and its number, complete from the
 * first one on (CON_PRINTBUFFER), even when the machine is past running any
 * program that could read /dev/kmsg. An ordinary console prints no level.
 */
#include <linux/console.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/printk.h>
#include <linux/serial_reg.h>

#define PORT		0x3e8	/* COM3, ttyS2 */
#define FIFO_BYTES	16

static void kspace_console_write(struct console *con, const char *text,
				 unsigned int count)
{
	while (count) {
		unsigned int chunk = min_t(unsigned int, count, FIFO_BYTES);

		while (!(inb(PORT + UART_LSR) & UART_LSR_THRE))
			cpu_relax();
		outsb(PORT + UART_TX, text, chunk);
		text += chunk;
		count -= chunk;
	}
}

static struct console kspace_console = {
	.name	= "kspace",
	.write	= kspace_console_write,
	/* CON_ENABLED: registered beside the console= of the command line. */
	.flags	= CON_ENABLED | CON_PRINTBUFFER | CON_ANYTIME | CON_EXTENDED,
	.index	= -1,
};

static int __init kspace_console_init(void)
{
	outb(UART_FCR_ENABLE_FIFO, PORT + UART_FCR);
	register_console(&kspace_console);
	return 0;
}
console_initcall(kspace_console_init);
