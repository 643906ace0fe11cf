import { describe, expect, it } from "vitest";
import { culpritOf, kindOf, oneReport } from "../test-support/one-report.js";

describe("panic", () => {
  it.each([
    ["Attempted to kill init! exitcode=0x0000000b", "kernel panic: Attempted to kill init!"],
    [
      "VFS: Unable to mount root fs on unknown-block(0,0)",
      "kernel panic: VFS: Unable to mount root fs on unknown-block(0,0)",
    ],
    ["Fatal exception in interrupt", "kernel panic: Fatal exception"],
    ["hello: no answer from ffff888003a1c000", "kernel panic: hello: no answer from ADDR"],
  ])("%s", (why, title) => {
    const report = oneReport(
      `Kernel panic - not syncing: ${why}\n---[ end Kernel panic - not syncing: ${why} ]---`,
    );
    expect(report.kind).toBe("panic");
    expect(report.title).toBe(title);
  });

  it("blames the first function that is not the panic's own", () => {
    const report =
      oneReport(`Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)
CPU: 0 PID: 1 Comm: swapper/0 Not tainted 6.1.0 #1
Call Trace:
 <TASK>
 dump_stack_lvl+0x45/0x5a
 panic+0x107/0x275
 mount_block_root+0x1d3/0x1e6
 prepare_namespace+0x136/0x165
 ret_from_fork+0x22/0x30
 </TASK>
Kernel Offset: disabled
---[ end Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0) ]---`);
    expect(culpritOf(report)).toBe("mount_block_root+0x1d3/0x1e6");
    expect(report.corrupted).toBeUndefined();
  });

  it("is none in the words of others", () => {
    expect(kindOf("Command line: root=/dev/sda1 panic=10 panic_on_oops=1")).toBeUndefined();
    expect(kindOf("Kernel panic is what happens when")).toBeUndefined();
  });
});
