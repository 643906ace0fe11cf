import { describe, expect, it } from "vitest";
import { culpritOf, kindOf, oneReport } from "../test-support/one-report.js";

describe("RCU stalls", () => {
  it.each([
    // kernel/rcu/tree_stall.h, tree_exp.h, tasks.h; until 4.19 without "rcu: ".
    "rcu: INFO: rcu_preempt self-detected stall on CPU",
    "INFO: rcu_sched self-detected stall on CPU",
    "INFO: rcu_sched self-detected stall on CPU { 1}  (t=60000 jiffies g=1208 c=1207 q=83)",
    "rcu: INFO: rcu_sched detected stalls on CPUs/tasks:",
    "INFO: rcu_bh detected stalls on CPUs/tasks:",
    "rcu: INFO: rcu_preempt detected expedited stalls on CPUs/tasks: { 0-... } 6 jiffies s: 545 root: 0x1/.",
    "INFO: rcu_tasks detected stalls on tasks:",
    "rcu: rcu_preempt kthread starved for 10500 jiffies! g49045 f0x0 RCU_GP_WAIT_FQS(5) ->state=0x0 ->cpu=1",
  ])("%s", (line) => {
    expect(kindOf(line)).toBe("rcu-stall");
  });

  it("blames what the stalled processor was interrupted in, and names its task", () => {
    const report = oneReport(`rcu: INFO: rcu_sched self-detected stall on CPU
rcu: 	1-....: (20999 ticks this GP) idle=b3c/1/0x4000000000000000 softirq=123/123 fqs=5247
	(t=21000 jiffies g=-1155 q=5 ncpus=2)
NMI backtrace for cpu 1
CPU: 1 PID: 42 Comm: a.out Tainted: G           O       6.1.0 #1
Call Trace:
 <IRQ>
 dump_stack_lvl+0x45/0x5a
 nmi_cpu_backtrace.cold+0x32/0x68
 rcu_dump_cpu_stacks+0xc4/0x102
 rcu_sched_clock_irq.cold+0x4e/0x2ae
 update_process_times+0x8c/0xc0
 tick_sched_timer+0x5b/0x70
 __hrtimer_run_queues+0x12a/0x2d0
 hrtimer_interrupt+0xfc/0x210
 __sysvec_apic_timer_interrupt+0x5f/0x110
 </IRQ>
 <TASK>
 asm_sysvec_apic_timer_interrupt+0x1a/0x20
RIP: 0010:native_queued_spin_lock_slowpath+0x6e/0x2e0
RSP: 0018:ffffc90000197e50 EFLAGS: 00000202
RAX: 0000000000000001 RBX: ffff888003a1c000 RCX: 0000000000000006
 _raw_spin_lock+0x1a/0x20
 hello_read+0x1c/0x70 [hello]
 vfs_read+0x9b/0x190
 entry_SYSCALL_64_after_hwframe+0x44/0xa9
 </TASK>`);
    expect(report.title).toBe("INFO: rcu detected stall in hello_read");
    expect(report).toMatchObject({ cpu: 1, pid: 42, comm: "a.out" });
    expect(report.registers.get("rax")).toBe(1n);
    expect(report.frames[0]?.trace).toBe("nmi backtrace for cpu 1");
    expect(report.corrupted).toBeUndefined();
  });

  it("prefers the stalled processor to the one that noticed, and passes over an idle one", () => {
    const backtrace = (
      cpu: number,
      pointer: string,
      caller: string,
    ): string => `NMI backtrace for cpu ${cpu}
CPU: ${cpu} PID: ${40 + cpu} Comm: task${cpu} Not tainted 6.1.0 #1
RIP: 0010:${pointer}
Call Trace:
 ${caller}
 entry_SYSCALL_64_after_hwframe+0x44/0xa9`;
    const report = oneReport(`rcu: INFO: rcu_sched detected stalls on CPUs/tasks:
rcu: 	2-...0: (1 GPs behind) idle=5a2/1/0x4000000000000000 softirq=1/1 fqs=5
	(detected by 0, t=21002 jiffies, g=-1187, q=2)
${backtrace(1, "default_idle+0x10/0x20", "do_idle+0x1f0/0x220")}
${backtrace(2, "hello_spin+0x13/0x40 [hello]", "hello_write+0x20/0x60 [hello]")}`);
    expect(culpritOf(report)).toBe("hello_spin+0x13/0x40 [hello]");
    expect(report).toMatchObject({ cpu: 2, pid: 42, comm: "task2" });
  });
});
