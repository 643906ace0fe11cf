import { isScheduler, isWatchdog, nameMatcher } from "../no-culprits.js";
import type { Frame } from "../report.js";
import type { Facts, Family } from "./family.js";
import { inCulprit, traceMissing } from "./family.js";
import { foundByScanning, interruptedFrames } from "./interrupted.js";

/** Where a processor stands that has nothing to do. */
const isIdle = nameMatcher(`native_safe_halt default_idle* arch_cpu_idle acpi_idle* acpi_safe_halt
  intel_idle* mwait_idle* cpuidle_* pv_native_safe_halt arch_safe_halt do_idle cpu_idle_poll
  acpi_processor_ffh_cstate_enter cpu_startup_entry`);

/** A stack of its own: of one processor, or of one task. */
function byTrace(frames: readonly Frame[]): Frame[][] {
  const groups: Frame[][] = [];
  for (const frame of frames) {
    const group = groups.at(-1);
    if (group?.[0]?.trace === frame.trace) group.push(frame);
    else groups.push([frame]);
  }
  return groups;
}

/** The processors that the kernel calls stalled: `rcu: 	1-...!: (10499 ticks this GP)`. */
function stalledCpus(text: readonly string[]): Set<string> {
  const cpus = new Set<string>();
  for (const line of text) {
    const cpu = /^(?:rcu: )?\s*(\d{1,5})-[.!?OoEeNnDd]{3,6}: \(/.exec(line)?.[1];
    if (cpu !== undefined) cpus.add(cpu);
  }
  return cpus;
}

/**
 * The stalled processor's frames first, then the other processors'. The grace-period thread that
 * waits for them is never to blame.
 */
function stalledFrames({ frames, text }: Facts): readonly Frame[] {
  const stalled = stalledCpus(text);
  const rank = (trace: string): number => {
    const cpu = /^nmi backtrace for cpu (\d+)/.exec(trace)?.[1];
    if (cpu !== undefined) return stalled.size === 0 || stalled.has(cpu) ? 0 : 2;
    if (trace === "call") return 1;
    return trace.includes("last ran") ? 2 : 3;
  };
  const idle = (group: readonly Frame[]): number =>
    isIdle(interruptedFrames(group)[0]?.symbol ?? "") ? 1 : 0;
  return byTrace(frames)
    .map((group) => ({ group, rank: rank(group[0]?.trace ?? "") + 4 * idle(group) }))
    .filter(({ rank }) => rank % 4 !== 3)
    .sort((a, b) => a.rank - b.rank)
    .flatMap(({ group }) => interruptedFrames(group));
}

const RCU = "(?:rcu: )?";

export const rcuStall: Family = {
  kind: "rcu-stall",
  firstLines: [
    {
      starts: ["rcu: INFO: ", "INFO: rcu", "INFO: Stall", "INFO: task rcu"],
      pattern: new RegExp(
        `^${RCU}INFO: rcu\\w{0,40} (?:self-detected stall on CPU|detected (?:expedited )?stalls? ?(?:on|\\?)|self-detected (?:expedited )?stall)`,
      ),
      from: "kernel/rcu/tree_stall.h, print_cpu_stall() and print_other_cpu_stall(); tree_exp.h; tasks.h",
      role: "telling",
    },
    {
      starts: ["rcu: rcu_", "rcu_"],
      pattern: new RegExp(
        `^${RCU}rcu_\\w{1,40} kthread (?:starved for|timer wakeup didn't happen for) \\d+ jiffies`,
      ),
      from: "kernel/rcu/tree_stall.h, rcu_check_gp_kthread_starvation()",
      role: "telling",
    },
  ],
  title: (facts) => inCulprit("INFO: rcu detected stall", facts),
  suspects: stalledFrames,
  trusts: ({ frames }) => foundByScanning(frames),
  never: (name, module) => isWatchdog(name, module) || isScheduler(name, module) || isIdle(name),
  taskOfCulprit: true,
  body: /^(?:rcu: |\s+\d{1,5}-[.!?OoEeNnDd]{3,6}: \(|\s+\(detected by|\s*\(t=\d+ jiffies|\s+Tasks blocked on level|Task dump for CPU|Sending NMI |All QSes seen|blocking rcu_node|rcu_\w+ +[RSDI] |\s+idle=|.{1,64} kthread starved for|\s+Possible timer handling|\s+Unless rcu_|[\w/:.-]{1,64} +R +running task|P\d+: |task:|Workqueue: )/,
  missing: traceMissing,
};
