import { describe, expect, it } from "vitest";
import { dumpedStack, oneReport } from "../test-support/one-report.js";

describe("atomic context", () => {
  it("names who schedules while atomic, behind the scheduler", () => {
    const report = oneReport(`BUG: scheduling while atomic: a.out/42/0x00000002
Modules linked in: hello(O)
${dumpedStack(["__schedule_bug.cold+0x4c/0x5d", "__schedule+0x5e4/0x6f0", "schedule+0x5d/0xe0", "schedule_timeout+0x87/0x150", "msleep+0x2e/0x40", "hello_write+0x20/0x60 [hello]"])}`);
    expect(report.title).toBe("BUG: scheduling while atomic in hello_write");
    expect(report).toMatchObject({ kind: "scheduling-while-atomic", pid: 42, comm: "a.out" });
  });

  it("names who may sleep, behind the lock or the allocator", () => {
    const report =
      oneReport(`BUG: sleeping function called from invalid context at include/linux/sched/mm.h:274
in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: 42, name: a.out
preempt_count: 1, expected: 0
${dumpedStack(["__might_resched.cold+0xd5/0xe7", "kmem_cache_alloc_trace+0x1f6/0x2b0", "hello_write+0x20/0x60 [hello]"])}`);
    expect(report.title).toBe("BUG: sleeping function called from invalid context in hello_write");
    expect(report).toMatchObject({ kind: "sleeping-in-atomic", pid: 42, comm: "a.out" });
    expect(report.corrupted).toBeUndefined();
  });
});
