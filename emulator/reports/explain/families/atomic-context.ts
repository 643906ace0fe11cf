import { type Explanation, fromText } from "../explanation.js";
import { capitalize, culpritName, findLine, linesLike, taskName } from "../wording.js";

/** Sleeping where it is forbidden: kernel/sched/core.c. */

/** include/linux/preempt.h, PREEMPT_BITS and what lies above. */
const PREEMPT_MASK = 0xff;
const SOFTIRQ_MASK = 0xff00;
const HARDIRQ_MASK = 0xf0000;

export const explainSchedulingWhileAtomic = fromText((report): Explanation => {
  const [, comm, pid, hexCount] =
    findLine(report, /scheduling while atomic: (.*)\/(\d+)\/0x([0-9a-f]+)/) ?? [];
  const task = taskName({
    comm: comm ?? report.comm,
    pid: pid === undefined ? report.pid : Number(pid),
  });
  const depth = hexCount === undefined ? undefined : Number.parseInt(hexCount, 16);
  const name = culpritName(report);
  const who =
    name === undefined
      ? capitalize(task ?? "a task")
      : `${name}${task === undefined ? "" : `, running for ${task},`}`;
  return {
    sentence: `${who} gave the processor away while that is forbidden: ${whyAtomic(depth)}.`,
    evidence: [report.message, ...heldLocks(report.text)],
  };
});

function whyAtomic(depth: number | undefined): string {
  if (depth === undefined) return "preemption is off, as it is while a spinlock is held";
  if ((depth & HARDIRQ_MASK) !== 0) return "it runs in an interrupt handler";
  if ((depth & SOFTIRQ_MASK) !== 0) return "it runs in a softirq, or with softirqs switched off";
  // The scheduler itself has switched preemption off once when it checks.
  const others = (depth & PREEMPT_MASK) - 1;
  return others > 0
    ? `preemption is off (count ${others}), as it is while a spinlock is held`
    : "preemption is off, as it is while a spinlock is held";
}

export const explainSleepingInAtomic = fromText((report): Explanation => {
  const [, place] = findLine(report, /invalid context at (\S+)/) ?? [];
  const state = findLine(
    report,
    /in_atomic\(\): (\d+), irqs_disabled\(\): (\d+)(?:, non_block: (\d+))?, pid: (\d+), name: (.*)/,
  );
  const name = culpritName(report) ?? "The kernel";
  const reasons: string[] = [];
  const preempt = findLine(report, /preempt_count: (\w+), expected: (\w+)/);
  const rcu = findLine(report, /RCU nest depth: (\d+), expected: (\d+)/);
  if (state?.[2] !== undefined && state[2] !== "0") reasons.push("interrupts are off");
  if (rcu?.[1] !== undefined && rcu[1] !== rcu[2]) reasons.push("it is inside rcu_read_lock()");
  if ((state?.[1] ?? "0") !== "0" || (preempt?.[1] !== undefined && preempt[1] !== preempt[2])) {
    reasons.push("preemption is off, as it is while a spinlock is held");
  }
  if ((state?.[3] ?? "0") !== "0") reasons.push("it is in a section that must not block");
  const why = reasons.length === 0 ? "" : `: ${reasons.join(", and ")}`;
  return {
    sentence: `${name} called a function that may sleep${place === undefined ? "" : ` (the check stands at ${place})`} where sleeping is forbidden${why}.`,
    evidence: [
      report.message,
      ...(state === undefined ? [] : [state.input.trim()]),
      ...heldLocks(report.text),
    ],
  };
});

/** What lockdep and DEBUG_PREEMPT add. */
function heldLocks(text: readonly string[]): string[] {
  return [
    ...linesLike({ text }, /^\s*#\d+: /).slice(0, 4),
    ...linesLike({ text }, /Preemption disabled at:/),
  ];
}
