import { describe, expect, it } from "vitest";
import { oneReport, oopsBody } from "../test-support/one-report.js";

describe("stack overflow", () => {
  it.each([
    [
      "BUG: stack guard page was hit at 0000000000a1b2c3 (stack is 00000000d4e5f6a7..00000000b8c9d0e1)",
      "kernel stack overflow (double-fault): 0000 [#1] SMP",
    ],
    [
      "BUG: TASK stack guard page was hit at ffffc90000193ff8 (stack is ffffc90000194000..ffffc90000198000)",
      "stack guard page: 0000 [#1] PREEMPT SMP",
    ],
    [
      "BUG: IRQ stack guard page was hit at ffffc90000003ff8 (stack is ffffc90000004000..ffffc90000008000)",
      "Oops: stack guard page: 0000 [#1] SMP",
    ],
  ])("%s", (message, die) => {
    const report = oneReport(`${message}\n${die}\n${oopsBody("hello_recurse+0x5/0x30 [hello]")}`);
    expect(report.kind).toBe("stack-overflow");
    expect(report.title).toBe("BUG: stack guard page was hit in hello_recurse");
    expect(report.corrupted).toBeUndefined();
  });

  it("names the function that found its canary gone", () => {
    const report =
      oneReport(`Kernel panic - not syncing: stack-protector: Kernel stack is corrupted in: hello_ioctl+0x9a/0xa0 [hello]
CPU: 1 PID: 42 Comm: a.out Tainted: G           O       6.1.0 #1
Call Trace:
 <TASK>
 dump_stack_lvl+0x45/0x5a
 panic+0x107/0x275
 ? hello_ioctl+0x9a/0xa0 [hello]
 __stack_chk_fail+0x14/0x20
 hello_ioctl+0x9a/0xa0 [hello]
 </TASK>
---[ end Kernel panic - not syncing: stack-protector: Kernel stack is corrupted in: hello_ioctl+0x9a/0xa0 [hello] ]---`);
    expect(report.kind).toBe("stack-overflow");
    expect(report.title).toBe("kernel panic: stack is corrupted in hello_ioctl");
    expect(report.corrupted).toBeUndefined();
  });
});
