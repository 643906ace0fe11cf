import { describe, expect, it } from "vitest";
import { culpritOf, dumpedStack, kindOf, oneReport } from "../test-support/one-report.js";

const STACK = dumpedStack([
  "__lock_acquire.cold+0x1b7/0x2e8",
  "lock_acquire+0xcd/0x2b0",
  "_raw_spin_lock+0x2f/0x40",
  "hello_write+0x20/0x60 [hello]",
]);

describe("lockdep", () => {
  it.each([
    "WARNING: possible circular locking dependency detected",
    "[ INFO: possible circular locking dependency detected ]",
    "WARNING: possible recursive locking detected",
    "[ INFO: possible recursive locking detected ]",
    "WARNING: possible irq lock inversion dependency detected",
    "WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected",
    "[ INFO: SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected ]",
    "WARNING: inconsistent lock state",
    "[ INFO: inconsistent lock state ]",
    "WARNING: suspicious RCU usage",
    "[ INFO: suspicious RCU usage. ]",
    "WARNING: bad unlock balance detected!",
    "[ BUG: bad unlock balance detected! ]",
    "WARNING: bad contention detected!",
    "WARNING: held lock freed!",
    "[ BUG: held lock freed! ]",
    "WARNING: lock held when returning to user space!",
    "[ BUG: lock held when returning to user space! ]",
    "WARNING: a.out/42 still has locks held!",
    "[ BUG: a.out/42 still has locks held! ]",
    "WARNING: Nested lock was not taken",
    "[ BUG: Invalid wait context ]",
    "INFO: trying to register non-static key.",
    "WARNING: chain_key collision",
    "BUG: MAX_LOCKDEP_ENTRIES too low!",
    "BUG: MAX_STACK_TRACE_ENTRIES too low!",
    "BUG: MAX_LOCK_DEPTH too low!",
    "BUG: key ffff888003a1c010 has not been registered!",
  ])("%s", (line) => {
    expect(kindOf(line)).toBe("lockdep");
  });

  it("names who tries to take the lock now", () => {
    const report = oneReport(`
======================================================
WARNING: possible circular locking dependency detected
6.1.0-kspace #1 Not tainted
------------------------------------------------------
a.out/42 is trying to acquire lock:
ffffffffa0003010 (hello_lock){+.+.}-{2:2}, at: hello_write+0x20/0x60 [hello]

but task is already holding lock:
ffffffffa0003050 (other_lock){+.+.}-{2:2}, at: hello_write+0x14/0x60 [hello]

which lock already depends on the new lock.


the existing dependency chain (in reverse order) is:

-> #1 (other_lock){+.+.}-{2:2}:
       lock_acquire+0xcd/0x2b0
       _raw_spin_lock+0x2f/0x40
       hello_read+0x30/0x60 [hello]

-> #0 (hello_lock){+.+.}-{2:2}:
       __lock_acquire+0x1270/0x1bf0
       hello_write+0x20/0x60 [hello]

other info that might help us debug this:

 Possible unsafe locking scenario:

       CPU0                    CPU1
       ----                    ----
  lock(other_lock);
                               lock(hello_lock);
                               lock(other_lock);
  lock(hello_lock);

 *** DEADLOCK ***

1 lock held by a.out/42:
 #0: ffffffffa0003050 (other_lock){+.+.}-{2:2}, at: hello_write+0x14/0x60 [hello]

stack backtrace:
${STACK}`);
    expect(report.title).toBe("possible deadlock in hello_write");
    expect(culpritOf(report)).toBe("hello_write+0x20/0x60 [hello]");
    expect(report).toMatchObject({ pid: 42, comm: "a.out", kernel: "6.1.0-kspace" });
    expect(report.corrupted).toBeUndefined();
    expect([...new Set(report.frames.map(({ trace }) => trace))]).toEqual([
      "lock taken",
      "-> #1",
      "-> #0",
      "lock held",
      "stack backtrace",
    ]);
    expect(report.text).toContain(" *** DEADLOCK ***");
  });

  it("keeps the kernel's word in the titles that have one", () => {
    const balance = (line: string): string => `${line}
a.out/42 is trying to release lock (hello_lock) at:
[<ffffffffa0001020>] hello_write+0x20/0x60 [hello]
but there are no more locks to release!

stack backtrace:
${STACK}`;
    expect(oneReport(balance("WARNING: bad unlock balance detected!")).title).toBe(
      "WARNING: bad unlock balance in hello_write",
    );
    expect(oneReport(balance("[ BUG: bad unlock balance detected! ]")).title).toBe(
      "BUG: bad unlock balance in hello_write",
    );
  });

  it("needs no stack where the kernel prints none", () => {
    const report = oneReport(`WARNING: lock held when returning to user space!
6.1.0-kspace #1 Not tainted
------------------------------------------------
a.out/42 is leaving the kernel with locks still held!
1 lock held by a.out/42:
 #0: ffffffffa0003050 (hello_lock){+.+.}-{2:2}, at: hello_write+0x14/0x60 [hello]`);
    expect(report.title).toBe("WARNING: lock held when returning to user space in hello_write");
    expect(report.corrupted).toBeUndefined();
  });

  it("is one report with the WARN() behind it", () => {
    const report = oneReport(`BUG: key ffff888003a1c010 has not been registered!
------------[ cut here ]------------
DEBUG_LOCKS_WARN_ON(1)
WARNING: CPU: 1 PID: 42 at kernel/locking/lockdep.c:4923 lockdep_init_map_type+0x2a/0x2b0
${dumpedStack(["hello_write+0x20/0x60 [hello]"])}
---[ end trace 0000000000000000 ]---`);
    expect(report.kind).toBe("lockdep");
    expect(report.title).toBe("WARNING: locking bug in hello_write");
  });

  it("is none when the kernel greets, or says that lockdep is off", () => {
    expect(
      kindOf("Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar"),
    ).toBeUndefined();
    expect(kindOf("INFO: lockdep is turned off.")).toBeUndefined();
  });
});
