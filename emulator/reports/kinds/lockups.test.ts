import { describe, expect, it } from "vitest";
import { culpritOf, kindOf, oneReport } from "../test-support/one-report.js";

describe("lockups", () => {
  it.each([
    // kernel/watchdog.c: until 4.8, until 4.14, since then.
    "BUG: soft lockup - CPU#1 stuck for 22s! [a.out:42]",
    "NMI watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [a.out:42]",
    "watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [kworker/1:2:42]",
  ])("%s", (line) => {
    expect(kindOf(line)).toBe("soft-lockup");
  });

  it.each([
    "NMI watchdog: Watchdog detected hard LOCKUP on cpu 3",
    "watchdog: Watchdog detected hard LOCKUP on cpu 3",
    "watchdog: CPU2: Watchdog detected hard LOCKUP on cpu 3",
    "Kernel panic - not syncing: Watchdog detected hard LOCKUP on cpu 3",
    "Kernel panic - not syncing: Hard LOCKUP",
  ])("%s", (line) => {
    expect(kindOf(line)).toBe("hard-lockup");
  });

  it("blames who takes the lock, not the lock's slow path", () => {
    const report =
      oneReport(`[   48.000001] watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [a.out:42]
[   48.000002] Modules linked in: hello(O)
[   48.000003] CPU: 1 PID: 42 Comm: a.out Tainted: G           O       6.1.0 #1
[   48.000004] RIP: 0010:native_queued_spin_lock_slowpath+0x6e/0x2e0
[   48.000005] RSP: 0018:ffffc90000197e50 EFLAGS: 00000202
[   48.000006] RAX: 0000000000000001 RBX: ffff888003a1c000 RCX: 0000000000000006
[   48.000007] Call Trace:
[   48.000008]  <TASK>
[   48.000009]  _raw_spin_lock+0x1a/0x20
[   48.000010]  hello_read+0x1c/0x70 [hello]
[   48.000011]  vfs_read+0x9b/0x190
[   48.000012]  entry_SYSCALL_64_after_hwframe+0x44/0xa9
[   48.000013]  </TASK>
[   48.000014] Kernel panic - not syncing: softlockup: hung tasks
[   48.000015] CPU: 1 PID: 42 Comm: a.out Tainted: G           O L     6.1.0 #1
[   48.000016] Call Trace:
[   48.000017]  <IRQ>
[   48.000018]  dump_stack_lvl+0x45/0x5a
[   48.000019]  panic+0x107/0x275
[   48.000020]  watchdog_timer_fn.cold+0xc/0x16
[   48.000021]  </IRQ>
[   48.000022] ---[ end Kernel panic - not syncing: softlockup: hung tasks ]---`);
    expect(report.title).toBe("BUG: soft lockup in hello_read");
    expect(culpritOf(report)).toBe("hello_read+0x1c/0x70 [hello]");
    expect(report).toMatchObject({ cpu: 1, pid: 42, comm: "a.out" });
  });

  it("takes the first frame behind the interrupt where kernels until 4.8 doubt it", () => {
    const report = oneReport(`NMI watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [a.out:42]
Call Trace:
 <IRQ>  [<ffffffff8112a5b3>] watchdog_timer_fn+0x1b3/0x240
 [<ffffffff810eaa6d>] __hrtimer_run_queues+0xfd/0x280
 [<ffffffff817f2e3c>] apic_timer_interrupt+0x8c/0xa0
 <EOI>  [<ffffffffa0001033>] ? hello_spin+0x13/0x40 [hello]
 [<ffffffffa0001080>] hello_write+0x20/0x60 [hello]
 [<ffffffff817f0d72>] entry_SYSCALL_64_fastpath+0x16/0x71`);
    expect(culpritOf(report)).toBe("hello_spin+0x13/0x40 [hello]");
    expect(report.frames[0]?.stack).toBe("IRQ");
    expect(report.frames[3]?.stack).toBe("task");
  });

  it("says what is missing when the machine was switched off too early", () => {
    const report = oneReport(`watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [a.out:42]
CPU: 1 PID: 42 Comm: a.out Not tainted 6.1.0 #1
RIP: 0010:native_queued_spin_lock_slowpath+0x6e/0x2e0`);
    expect(report.culprit).toBeUndefined();
    expect(report.corrupted).toMatch(/^The end is cut off/);
  });
});
