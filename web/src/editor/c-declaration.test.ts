import { describe, expect, it } from "vitest";
import { findDeclaration, includedHeaders } from "./c-declaration.js";

/** As Linux 6.1 has them in include/linux. */
const HEADER = `
/* kmalloc(size, flags) is the one to use. */
#define pr_info(fmt, ...) \\
	printk(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)
#define HELLO 1
extern int misc_register(struct miscdevice *misc);
static __always_inline __alloc_size(1) void *kmalloc(size_t size, gfp_t flags)
{
	return __kmalloc(size, flags);
}
static __always_inline unsigned long __must_check
copy_from_user(void *to, const void __user *from, unsigned long n)
{
	kfree(from);
	return n;
}
int request_irq(unsigned int irq, irq_handler_t handler,
		unsigned long flags, const char *name, void *dev);
static int (*hook)(int);
int value = compute(3);
static DEFINE_SPINLOCK(hello_lock);
`;

describe("a declaration", () => {
  it.each([
    ["misc_register", 6, "extern int misc_register(struct miscdevice *misc)"],
    [
      "kmalloc",
      7,
      "static __always_inline __alloc_size(1) void *kmalloc(size_t size, gfp_t flags)",
    ],
    [
      "copy_from_user",
      12,
      "static __always_inline unsigned long __must_check\n" +
        "copy_from_user(void *to, const void __user *from, unsigned long n)",
    ],
    [
      "request_irq",
      17,
      "int request_irq(unsigned int irq, irq_handler_t handler,\n" +
        "\t\tunsigned long flags, const char *name, void *dev)",
    ],
    ["pr_info", 3, "#define pr_info(fmt, ...)"],
  ])("of %s", (name, line, text) => {
    expect(findDeclaration(HEADER, name)).toEqual({ line, text });
  });

  it.each([
    "kfree",
    "__kmalloc",
    "printk",
    "HELLO",
    "compute",
    "flags",
    "DEFINE_SPINLOCK",
    "hello_lock",
    "malloc",
    "nothing",
  ])("is none of %s, which is only used or no function", (name) => {
    expect(findDeclaration(HEADER, name)).toBeUndefined();
  });
});

it("headers are those between brackets", () => {
  const source =
    '#include <linux/fs.h>\n#  include <asm/io.h>\n#include "own.h"\n// <linux/no.h>\n';
  expect(includedHeaders(source)).toEqual(["linux/fs.h", "asm/io.h"]);
});
