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

/** lib/locking, kernel/locking/spinlock_debug.c. */
export const explainSpinlock = fromText((report): Explanation => {
  const name = culpritName(report) ?? "The kernel";
  const [, kind, problem] = findLine(report, /BUG: (\w+) ([\w ]+?)(?: on CPU#\d+|,| $|$)/) ?? [];
  const fields = findLine(
    report,
    /lock: (.*?), \.magic: (\w+)(?:, \.owner: (.*?)\/(-?\d+))?(?:, \.owner_cpu: (-?\d+))?/,
  );
  const lock = fields?.[1] === undefined ? "" : ` \`${fields[1].replace(/\/0x.*$/, "")}\``;
  const holder =
    fields?.[3] === undefined || fields[3] === "<none>"
      ? undefined
      : `\`${fields[3]}\` (pid ${fields[4]})`;
  const what = `the ${kind ?? "lock"}${lock}`;
  const evidence = [report.message, ...(fields === undefined ? [] : [fields.input.trim()])];
  const say = (text: string): Explanation => ({ sentence: `${name} ${text}.`, evidence });
  switch (problem) {
    case "bad magic":
      return say(
        fields?.[2] !== undefined && /^0+$/.test(fields[2])
          ? `used ${what}, whose magic number is 0: it was never initialised, or its memory has been cleared`
          : `used ${what}, whose magic number is wrong: it was never initialised, or its memory has been overwritten`,
      );
    case "recursion":
      return say(`took ${what} that it already holds: it would wait for itself for ever`);
    case "cpu recursion":
      return say(
        `took ${what} that its own processor already holds: it would wait for itself for ever`,
      );
    case "already unlocked":
      return say(`gave back ${what}, which nobody holds`);
    case "wrong owner":
      return say(`gave back ${what}, which ${holder ?? "another task"} holds`);
    case "wrong CPU":
      return say(`gave back ${what} on another processor than the one that took it`);
    case "lockup suspected":
    case "lockup":
    case "cpu lockup":
      return say(
        `waits for ${what} and does not get it${holder === undefined ? "" : `; it is held by ${holder}`}`,
      );
    default:
      return say(
        `used ${what} in a way that its checks do not allow${problem === undefined ? "" : ` (${problem.trim()})`}`,
      );
  }
});
