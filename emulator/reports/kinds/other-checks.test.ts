import { expect, it } from "vitest";
import { findReports } from "../report-stream.js";
import { dumpedStack, oneReport } from "../test-support/one-report.js";

it.each([
  [
    "BUG: using __this_cpu_read() in preemptible [00000000] code: a.out/42\ncaller is __this_cpu_preempt_check+0x13/0x20",
    "BUG: using __this_cpu_read() in preemptible code in hello_write",
  ],
  [
    "BUG: workqueue leaked lock or atomic: kworker/1:1/0x00000001/42\n     last function: hello_work [hello]",
    "BUG: workqueue leaked lock or atomic in hello_write",
  ],
  [
    "BUG: Dentry 00000000d4e5f6a7{i=1,n=hello}  still in use (1) [unmount of tmpfs tmpfs]",
    "BUG: Dentry still in use in hello_write",
  ],
])("%s", (lines, title) => {
  const report = oneReport(
    `${lines}\n${dumpedStack(["check_preemption_disabled+0xdd/0xe0", "__this_cpu_preempt_check+0x13/0x20", "hello_write+0x20/0x60 [hello]"])}`,
  );
  expect(report.kind).toBe("bug");
  expect(report.title).toBe(title);
});

it("reports inodes that are left", () => {
  const report = oneReport(
    "VFS: Busy inodes after unmount of sda1. Self-destruct in 5 seconds.  Have a nice day...",
  );
  expect(report.title).toBe("VFS: Busy inodes after unmount (use-after-free)");
  expect(report.corrupted).toBeUndefined();
});

it("leaves the unwinder's warning to the report whose stack it was printing", () => {
  const line =
    "WARNING: kernel stack frame pointer at ffffc90000197e50 in a.out:42 has bad value 00000000d4e5f6a7";
  expect(oneReport(line).title).toBe("WARNING: kernel stack frame pointer has bad value");
  const reports = findReports(
    `BUG: scheduling while atomic: a.out/42/0x00000002\n${dumpedStack(["hello_write+0x20/0x60 [hello]"])}\n${line}`,
  );
  expect(reports.map(({ kind }) => kind)).toEqual(["scheduling-while-atomic"]);
});
