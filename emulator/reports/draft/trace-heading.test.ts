import { expect, it } from "vitest";
import { readTraceHeading } from "./trace-heading.js";

it.each([
  ["Call Trace:", "call"],
  ["Allocated by task 41:", "allocated"],
  ["Freed by task 41 on cpu 1 at 12.3s:", "freed"],
  ["Last potentially related work creation:", "last potentially related work creation"],
  ["stack backtrace:", "stack backtrace"],
  ["NMI backtrace for cpu 1", "nmi backtrace for cpu 1"],
  ["rcu: RCU grace-period kthread stack dump:", "rcu grace-period kthread stack dump"],
  ["-> #1 (&mm->mmap_lock){++++}-{3:3}:", "-> #1"],
  ["... which became HARDIRQ-irq-safe at:", "which became hardirq-irq-safe"],
  ["{SOFTIRQ-ON-W} state was registered at:", "{softirq-on-w} state was registered"],
  ["write to 0xffffffffa0003010 of 4 bytes by task 42 on cpu 1:", "write"],
  ["Freed in hello_release+0x20/0x40 [hello] age=5 cpu=0 pid=41", "freed"],
  ["page last allocated via order 0, migratetype Unmovable, gfp_mask 0xcc0", "page last allocated"],
])("%s", (line, name) => {
  expect(readTraceHeading(line)?.name).toBe(name);
});

it("is none without a colon at the end", () => {
  expect(readTraceHeading("hello: world")).toBeUndefined();
});
