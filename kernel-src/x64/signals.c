// SPDX-License-Identifier: MIT
/* Does one thing that ends a program by a signal: signals NAME. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static void divide_by_zero(void)
{
	__asm__ volatile("xor %%edx, %%edx\n\tmov $1, %%eax\n\tdiv %%edx" ::: "eax", "edx");
}

static void overflow_of_quotient(void)
{
	__asm__ volatile("mov $-1, %%edx\n\tmov $1, %%ecx\n\tdiv %%ecx" ::: "eax", "ecx", "edx");
}

static void null_pointer(void)
{
	*(volatile int *)8 = 1;
}

static void write_to_code(void)
{
	*(volatile char *)(uintptr_t)write_to_code = 0;
}

static void run_data(void)
{
	static unsigned char data[] = { 0xc3 };

	((void (*)(void))(uintptr_t)data)();
}

static void not_canonical(void)
{
	*(volatile char *)0x8000000000000000 = 0;
}

static void kernel_address(void)
{
	*(volatile char *)0xffffffff80000000 = 0;
}

static void undefined(void)
{
	__asm__ volatile("ud2");
}

static void privileged(void)
{
	__asm__ volatile("hlt");
}

static void breakpoint(void)
{
	__asm__ volatile("int3");
}

static void unmapped(void)
{
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	page[0] = 1;
	munmap(page, 4096);
	*(volatile char *)page = 2;
}

static void read_only(void)
{
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	page[0] = 1;
	mprotect(page, 4096, PROT_READ);
	printf("%d\n", page[0]);
	fflush(stdout);
	*(volatile char *)page = 2;
}

/* An exception of SSE arithmetic that MXCSR does not mask: #XM. */
static void sse_exception(void)
{
	uint32_t control = 0x1d80; /* divide-by-zero is not masked (SDM vol. 1, 10.2.3) */
	volatile double zero = 0;

	__asm__ volatile("ldmxcsr %0" : : "m"(control));
	zero = 1 / zero;
}

/* The same of the x87 unit: #MF comes with the next x87 instruction that waits. */
static void x87_exception(void)
{
	uint16_t control = 0x037b;

	__asm__ volatile("fldcw %0\n\tfldz\n\tfld1\n\tfdivp\n\tfwait" : : "m"(control));
}

static const struct {
	const char *name;
	void (*run)(void);
} ways[] = {
	{ "divide-by-zero", divide_by_zero },
	{ "overflow-of-quotient", overflow_of_quotient },
	{ "null-pointer", null_pointer },
	{ "write-to-code", write_to_code },
	{ "run-data", run_data },
	{ "not-canonical", not_canonical },
	{ "kernel-address", kernel_address },
	{ "undefined", undefined },
	{ "privileged", privileged },
	{ "breakpoint", breakpoint },
	{ "unmapped", unmapped },
	{ "read-only", read_only },
	{ "sse-exception", sse_exception },
	{ "x87-exception", x87_exception },
	{ "abort", abort },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (strcmp(argv[1], ways[i].name) == 0)
			ways[i].run();
	}
	return 2;
}
