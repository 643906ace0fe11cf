import { describe, expect, it } from "vitest";
import { culpritOf, kindOf, oneReport, oopsBody } from "../test-support/one-report.js";

describe("page faults", () => {
  it.each([
    // show_fault_oops() of 6.1, of 4.20, and until 4.19.
    ["BUG: kernel NULL pointer dereference, address: 0000000000000008", "null-dereference"],
    [
      "BUG: unable to handle kernel NULL pointer dereference at 0000000000000008",
      "null-dereference",
    ],
    [
      "BUG: unable to handle kernel NULL pointer dereference at           (null)",
      "null-dereference",
    ],
    ["BUG: unable to handle page fault for address: ffffc90000400000", "page-fault"],
    ["BUG: unable to handle kernel paging request at ffffc90000400000", "page-fault"],
  ])("%s", (line, kind) => {
    expect(kindOf(line)).toBe(kind);
  });

  it("names the function that the instruction pointer stands in", () => {
    const report = oneReport(
      `BUG: kernel NULL pointer dereference, address: 0000000000000008
#PF: supervisor read access in kernel mode
#PF: error_code(0x0000) - not-present page
PGD 0 P4D 0
Oops: 0000 [#1] PREEMPT SMP
${oopsBody("hello_read+0x12/0x60 [hello]")}`,
    );
    expect(report.title).toBe(
      "BUG: unable to handle kernel NULL pointer dereference in hello_read",
    );
    expect(culpritOf(report)).toBe("hello_read+0x12/0x60 [hello]");
    expect(report.corrupted).toBeUndefined();
  });

  it("goes on to the caller where nothing was at the address that was called", () => {
    const report = oneReport(
      `BUG: kernel NULL pointer dereference, address: 0000000000000000
#PF: supervisor instruction fetch in kernel mode
Oops: 0010 [#1] SMP
${oopsBody("0x0", ["hello_ioctl+0x1f/0x30 [hello]"])}`,
    );
    expect(report.title).toBe(
      "BUG: unable to handle kernel NULL pointer dereference in hello_ioctl",
    );
    expect(report.frames[0]).toMatchObject({ symbol: undefined, address: 0n, role: "instruction" });
  });

  it("reads the old form, with addresses, and with the address last", () => {
    const report = oneReport(`BUG: unable to handle kernel paging request at ffffc90000400000
IP: [<ffffffffa0001012>] hello_read+0x12/0x60 [hello]
PGD 1f402067 PUD 1f403067 PMD 1e5b2067 PTE 0
Oops: 0002 [#1] SMP
Modules linked in: hello(O) loop
CPU: 0 PID: 77 Comm: a.out Tainted: G           O    4.4.0 #1
task: ffff88001e2f0000 ti: ffff88001d0e4000 task.ti: ffff88001d0e4000
RIP: 0010:[<ffffffffa0001012>]  [<ffffffffa0001012>] hello_read+0x12/0x60 [hello]
RSP: 0018:ffff88001d0e7ea8  EFLAGS: 00010246
RAX: 0000000000000000 RBX: ffff88001d0e7f20 RCX: 0000000000000001
Stack:
 ffff88001d0e7ed8 ffffffff811d2a5a 0000000000000006 ffff88001d0e7f20
Call Trace:
 [<ffffffff811d2a5a>] vfs_read+0x8a/0x140
 [<ffffffff811d3a06>] SyS_read+0x46/0xb0
 [<ffffffff817f0d72>] entry_SYSCALL_64_fastpath+0x16/0x71
Code: 00 00 48 89 e5 <c7> 00 2a 00 00 00 5d c3
RIP  [<ffffffffa0001012>] hello_read+0x12/0x60 [hello]
 RSP <ffff88001d0e7ea8>
CR2: ffffc90000400000
---[ end trace 8f1c0e4b7f2d6a11 ]---`);
    expect(report.title).toBe("BUG: unable to handle kernel paging request in hello_read");
    expect(report.corrupted).toBeUndefined();
    expect(report.frames.map(({ symbol }) => symbol)).toEqual([
      "hello_read",
      "vfs_read",
      "SyS_read",
      "entry_SYSCALL_64_fastpath",
    ]);
    expect(report.registers.get("cr2")).toBe(0xffffc90000400000n);
    expect(report.code?.bytes[report.code.trapOffset]).toBe(0xc7);
    expect(report.lines).toEqual([1, 21]);
  });

  it("is cut off at the start when the log begins with the die header", () => {
    const report = oneReport(
      `Oops: 0002 [#1] SMP\n${oopsBody("hello_read+0x12/0x60 [hello]")}\nCR2: 0000000000000010`,
    );
    expect(report.corrupted).toMatch(/^The start is cut off/);
  });
});
