import { describe, expect, it } from "vitest";
import { findReports } from "../report-stream.js";
import { oneReport, oopsBody } from "../test-support/one-report.js";

describe("reports without their first line", () => {
  it.each([
    [
      "the address near 0 in CR2",
      `${oopsBody("hello_read+0x12/0x60 [hello]").replace("<0f> 0b", "<8b> 00")}`,
      "null-dereference",
      "CR2: 0000000000000008 CR3: 000000001e5b2000 CR4: 00000000000006f0",
    ],
    [
      "another address in CR2",
      `${oopsBody("hello_read+0x12/0x60 [hello]").replace("<0f> 0b", "<8b> 00")}`,
      "page-fault",
      "CR2: ffffc90000400000 CR3: 000000001e5b2000 CR4: 00000000000006f0",
    ],
    [
      "an instruction that only BUG() and WARN() have",
      oopsBody("hello_read+0x12/0x60 [hello]"),
      "warning",
      "",
    ],
    [
      "the function that checks copies",
      oopsBody("usercopy_abort+0x6c/0x80", [
        "__check_object_size+0x43/0x47",
        "hello_write+0x35/0x60 [hello]",
      ]),
      "usercopy",
      "",
    ],
  ])("are found by %s", (_, body, kind, registers) => {
    const report = oneReport(body.replace("Call Trace:", `${registers}\nCall Trace:`));
    expect(report.kind).toBe(kind);
    expect(report.corrupted).toMatch(/^The start is cut off/);
  });

  it("are none where a driver shows a stack", () => {
    const stack =
      "hello: unexpected state\nCPU: 1 PID: 42 Comm: a.out Not tainted 6.1.0 #1\nCall Trace:\n dump_stack_lvl+0x45/0x5a\n hello_write+0x20/0x60 [hello]\n vfs_write+0xa5/0x1a0\n";
    expect(findReports(stack)).toEqual([]);
  });

  it("are none where all processors show their stacks on request", () => {
    const backtrace = `NMI backtrace for cpu 1\n${oopsBody("default_idle+0x10/0x20").split("\n---")[0]}`;
    expect(findReports(backtrace)).toEqual([]);
  });
});
