import { describe, expect, it } from "vitest";
import { findReports } from "../report-stream.js";
import { culpritOf, kindOf, oneReport, oopsBody } from "../test-support/one-report.js";

describe("WARN()", () => {
  it("takes its message, which stands before the first line, along", () => {
    const report = oneReport(`------------[ cut here ]------------
hello: 3 readers left
WARNING: CPU: 1 PID: 42 at drivers/misc/hello.c:77 hello_release+0x12/0x60 [hello]
Modules linked in: hello(O)
${oopsBody("hello_release+0x12/0x60 [hello]")}`);
    expect(report.kind).toBe("warning");
    expect(report.title).toBe("WARNING in hello_release");
    expect(report.text).toContain("hello: 3 readers left");
    expect(report.corrupted).toBeUndefined();
  });

  it("finds the function in the first line where there are no registers (4.4)", () => {
    const report = oneReport(`------------[ cut here ]------------
WARNING: CPU: 0 PID: 77 at drivers/misc/hello.c:77 hello_release+0x12/0x60 [hello]()
hello: 3 readers left
Modules linked in: hello(O)
CPU: 0 PID: 77 Comm: rmmod Tainted: G           O    4.4.0 #1
 0000000000000000 ffff88001d0e7e38 ffffffff813a5c23 0000000000000000
Call Trace:
 [<ffffffff813a5c23>] dump_stack+0x63/0x90
 [<ffffffff81080a12>] warn_slowpath_common+0x82/0xc0
 [<ffffffff81080b5a>] warn_slowpath_null+0x1a/0x20
 [<ffffffffa0001012>] hello_release+0x12/0x60 [hello]
 [<ffffffff811d4f27>] __fput+0xe7/0x1f0
 [<ffffffff817f0d72>] entry_SYSCALL_64_fastpath+0x16/0x71
---[ end trace 8f1c0e4b7f2d6a11 ]---`);
    expect(culpritOf(report)).toBe("hello_release+0x12/0x60 [hello]");
    expect(report.pid).toBe(77);
    expect(report.comm).toBe("rmmod");
    expect(report.corrupted).toBeUndefined();
  });

  it("reads the first line of kernels since 6.18", () => {
    const report =
      oneReport(`WARNING: drivers/misc/hello.c:77 at hello_release+0x12/0x60 [hello], CPU#1: a.out/42
${oopsBody("hello_release+0x12/0x60 [hello]")}`);
    expect(report).toMatchObject({ cpu: 1, pid: 42, comm: "a.out" });
  });

  it("looks behind the trap where the stack holds both (panic_on_warn)", () => {
    const report = oneReport(`WARNING: CPU: 1 PID: 42 at net/core/hello.c:77 hello_xmit+0x12/0x60
Kernel panic - not syncing: panic_on_warn set ...

CPU: 1 PID: 42 Comm: a.out Not tainted 4.15.0 #1
Call Trace:
 dump_stack+0x194/0x257
 panic+0x1e4/0x41c
 ? refcount_error_report+0x214/0x214
 __warn+0x1dc/0x200
 ? hello_xmit+0x12/0x60
 report_bug+0x211/0x2d0
 fixup_bug.part.11+0x37/0x80
 do_error_trap+0x2d7/0x3e0
 do_invalid_op+0x1b/0x20
 invalid_op+0x22/0x40
RIP: 0010:hello_xmit+0x12/0x60
RSP: 0018:ffff8801c247f598 EFLAGS: 00010246
RAX: 0000000000010000 RBX: ffff8801c247f720 RCX: 00000000ffffffff
 sock_sendmsg+0xca/0x110
 entry_SYSCALL_64_fastpath+0x29/0xa0
RIP: 0033:0x452cf9
Kernel Offset: disabled
Rebooting in 86400 seconds..`);
    expect(report.title).toBe("WARNING in hello_xmit");
    expect(report.registers.get("rbx")).toBe(0xffff8801c247f720n);
    expect(report.corrupted).toBeUndefined();
  });

  it("is found in a family of its own by the file that warns", () => {
    const at = (file: string): string =>
      `WARNING: CPU: 1 PID: 42 at ${file}:28 hello_put+0x12/0x60 [hello]\n${oopsBody("hello_put+0x12/0x60 [hello]")}`;
    expect(oneReport(at("lib/refcount.c")).kind).toBe("refcount");
    expect(oneReport(at("/build/linux-6.1/lib/list_debug.c")).kind).toBe("list-corruption");
    expect(oneReport(at("lib/kobject.c")).title).toBe("WARNING: kobject bug in hello_put");
  });

  it("is none when programs and drivers warn in their own words", () => {
    for (const line of [
      "WARNING: this driver is deprecated",
      "WARNING: can't open objfile: /usr/lib/modules/6.1.0/vmlinux",
      "WARNING: CPU frequency out of sync: cpufreq and timing core thinks of 2000000",
      "foo: WARNING: CPU: 1 PID: 42 at nothing",
    ]) {
      expect(kindOf(line), line).toBeUndefined();
    }
    expect(findReports("------------[ cut here ]------------\nnothing follows\n")).toEqual([]);
  });
});
