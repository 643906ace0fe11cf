import { describe, expect, it } from "vitest";
import { findReports } from "../report-stream.js";
import { culpritOf, oneReport } from "../test-support/one-report.js";

const hung = (
  comm: string,
  pid: number,
  waiter: string,
): string => `INFO: task ${comm}:${pid} blocked for more than 120 seconds.
      Tainted: G           O       6.1.0-kspace #1
"echo 0 > /proc/sys/kernel/hung_task_timeout_secs" disables this message.
task:${comm}           state:D stack:0     pid:${pid}   ppid:1      flags:0x00000002
Call Trace:
 <TASK>
 __schedule+0x2a4/0x6f0
 schedule+0x5d/0xe0
 schedule_preempt_disabled+0x14/0x20
 __mutex_lock.constprop.0+0x3a4/0x700
 ${waiter}
 vfs_read+0x9b/0x190
 entry_SYSCALL_64_after_hwframe+0x44/0xa9
 </TASK>
`;

describe("hung tasks", () => {
  it("blames who waits, behind the scheduler and the lock", () => {
    const report = oneReport(hung("a.out", 42, "hello_read+0x1c/0x70 [hello]"));
    expect(report.title).toBe("INFO: task hung in hello_read");
    expect(report).toMatchObject({ pid: 42, comm: "a.out", kernel: "6.1.0-kspace" });
    expect(report.taint.map(({ letter }) => letter)).toEqual(["O"]);
    expect(report.corrupted).toBeUndefined();
  });

  it("keeps several tasks apart, also with a blank or a colon in their names", () => {
    const reports = findReports(
      hung("kworker/u4:2", 24, "hello_work+0x1c/0x70 [hello]") +
        hung("Web Content", 77, "hello_read+0x1c/0x70 [hello]"),
    );
    expect(reports.map(({ comm, pid }) => [comm, pid])).toEqual([
      ["kworker/u4:2", 24],
      ["Web Content", 77],
    ]);
  });

  it("takes the locks and the panic of the watchdog along, but not its stack for the culprit", () => {
    const report = oneReport(`${hung("a.out", 42, "hello_read+0x1c/0x70 [hello]")}
Showing all locks held in the system:
1 lock held by khungtaskd/30:
 #0: ffffffff82b5f6a0 (rcu_read_lock){....}-{1:2}, at: debug_show_all_locks+0x15/0x183
=============================================

NMI backtrace for cpu 0
CPU: 0 PID: 30 Comm: khungtaskd Tainted: G           O       6.1.0-kspace #1
Call Trace:
 <TASK>
 dump_stack_lvl+0x45/0x5a
 watchdog+0x8d8/0xd10
 kthread+0xfa/0x120
 ret_from_fork+0x22/0x30
 </TASK>
Kernel panic - not syncing: hung_task: blocked tasks
---[ end Kernel panic - not syncing: hung_task: blocked tasks ]---`);
    expect(culpritOf(report)).toBe("hello_read+0x1c/0x70 [hello]");
    expect(report.pid).toBe(42);
    expect(report.text.at(-1)).toMatch(/end Kernel panic/);
  });
});
