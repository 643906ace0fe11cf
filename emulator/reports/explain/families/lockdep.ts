import type { Report } from "../../report.js";
import { type Explanation, fromText } from "../explanation.js";
import { capitalize, culpritName, findLine, taskName } from "../wording.js";

/** Two locks, or one twice, that a report is about. */
interface Locks {
  /** Who takes them, at the start of a sentence. */
  readonly task: string;
  readonly name: string;
  readonly wanted: Lock | undefined;
  readonly held: Lock | undefined;
}

interface Lock {
  readonly name: string;
  readonly function: string | undefined;
  readonly line: string;
}

const FOR_EVER = "each waits for the other for ever";

/** By the words in the headings of kernel/locking/lockdep.c's print_…() functions. */
const REPORTS: readonly (readonly [
  heading: RegExp,
  explain: (locks: Locks, report: Report) => string,
])[] = [
  [
    /circular locking dependency/,
    (locks) =>
      `${pair(locks)}, and elsewhere they are taken in the other order: when both happen at once, ${FOR_EVER}`,
  ],
  [
    /recursive locking/,
    (locks) =>
      `${pair(locks)}, a lock of the same class: if it is the same lock, it waits for itself for ever`,
  ],
  [/inconsistent lock state/, inconsistentState],
  [/lock inversion/, inversion],
  [
    /-safe -> \w+-unsafe lock order/,
    (locks) =>
      `${pair(locks)}; the one that it holds is also taken in an interrupt, and the other elsewhere with interrupts on: when an interrupt comes in between there, ${FOR_EVER}`,
  ],
  [/bad unlock balance/, unbalanced],
  [/held lock freed/, ({ name }) => `${name} freed memory with a lock in it that is held`],
  [
    /lock held when returning to user space|has locks held|locks? held at task exit|exit with locks held/,
    stillHeld,
  ],
  [/RCU usage/, suspiciousRcu],
  [
    /invalid wait context/i,
    ({ task, wanted }) =>
      `${task} takes ${wanted === undefined ? "a lock" : named(wanted)} where it is forbidden to sleep, and on a real-time kernel that lock may sleep`,
  ],
  [
    /non-static key/,
    ({ name }) =>
      `${name} used a lock that was never initialised, so that lockdep cannot tell which one it is`,
  ],
  [
    /MAX_LOCK_DEPTH/,
    ({ task }) =>
      `${task} holds more locks at once than lockdep has room for, so that it has switched itself off`,
  ],
  [
    /too low|turning off the locking correctness/,
    () =>
      "Lockdep has no room left for what it records, and has switched itself off; that alone is no mistake in anybody's locking",
  ],
  [
    /nested lock was not taken/i,
    ({ name, wanted }) =>
      `${name} took ${wanted === undefined ? "a lock" : named(wanted)} without the lock under which alone it may be taken`,
  ],
];

/** CONFIG_PROVE_LOCKING and its relatives: kernel/locking/lockdep.c. */
export const explainLockdep = fromText((report): Explanation => {
  const listed = locksBehind(report, /trying to (?:acquire|lock)|just changed the state of lock/);
  const wanted = listed[0];
  const held = locksBehind(report, /already holding/)[0] ?? listed[1];
  const locks = {
    task: capitalize(taskOf(report) ?? "a task"),
    name: culpritName(report) ?? "The kernel",
    wanted,
    held,
  };
  const explain = REPORTS.find(([heading]) => heading.test(report.message))?.[1];
  const sentence =
    explain?.(locks, report) ??
    `${locks.name} uses locks in a way that lockdep's rules do not allow`;
  const lines = [wanted, held].flatMap((lock) => (lock === undefined ? [] : [lock.line]));
  return { sentence: `${sentence}.`, evidence: [report.message, ...lines] };
});

function pair({ task, wanted, held }: Locks): string {
  return wanted === undefined || held === undefined
    ? `${task} takes two locks, one while it holds the other`
    : `${task} takes ${named(wanted)} while it holds ${named(held)}`;
}

function inversion({ wanted }: Locks, report: Report): string {
  const other = locksBehind(
    report,
    /but this lock took another|but this lock was taken by another/,
  )[0];
  const names = [wanted, other].map((lock) =>
    lock === undefined ? "another" : `\`${lock.name}\``,
  );
  return `Of the locks ${names.join(" and ")} one is taken in an interrupt, and the other elsewhere with interrupts on, and they are also taken together: when an interrupt comes in between there, ${FOR_EVER}`;
}

function inconsistentState(_locks: Locks, report: Report): string {
  const [, before = "", now = ""] =
    findLine(report, /inconsistent \{(.*?)\} -> \{(.*?)\} usage/) ?? [];
  const lock = locksBehind(report, /takes:/)[0];
  const context = /HARDIRQ/.test(before + now) ? "an interrupt handler" : "a softirq";
  return `The lock ${lock === undefined ? "" : `\`${lock.name}\` `}is taken in ${context}, and elsewhere where ${context} may come in between: when it does, it waits for ever for the code that it has interrupted`;
}

function unbalanced({ task }: Locks, report: Report): string {
  const [, lock] = findLine(report, /trying to release lock \((.*?)\) at:/) ?? [];
  return `${task} gave back ${lock === undefined ? "a lock" : `the lock \`${lock}\``} without holding it`;
}

function stillHeld({ task }: Locks, report: Report): string {
  const lock = locksBehind(report, /#0:/)[0];
  const when = /user space/.test(report.message)
    ? "returned to user space"
    : /exit/.test(report.message)
      ? "ended"
      : "went to sleep";
  return `${task} ${when} while it still held ${lock === undefined ? "a lock" : `the lock ${named(lock)}`}: somebody did not give it back`;
}

function suspiciousRcu({ name }: Locks, report: Report): string {
  const [, place, what] = findLine(report, /(\S+:\d+) (.*?)!*$/) ?? [];
  return place === undefined
    ? `${name} used data that RCU protects without rcu_read_lock()`
    : `${name} used data that RCU protects without the protection that the check at ${place} asks for ("${what}")`;
}

/** Lockdep names the task itself, also where no `CPU:` line does. */
function taskOf(report: Report): string | undefined {
  const [, comm, pid] =
    findLine(report, /^(\S.*)\/(\d+) (?:\[HC\d.*\] )?(?:is|just|takes)\b/) ?? [];
  return taskName(pid === undefined ? report : { comm, pid: Number(pid) });
}

/** The locks listed behind a heading: `ADDRESS (NAME){STATE}-{WAIT}, at: FUNCTION+OFFSET`. */
function locksBehind({ text }: Report, heading: RegExp): Lock[] {
  const at = text.findIndex((line) => heading.test(line));
  if (at < 0) return [];
  return text.slice(at, at + 4).flatMap((line) => {
    const [, name, place] =
      /\((\S.*?)\)\{[^}]*\}(?:-\{[^}]*\})?(?:, at: (?:\[<\w+>\] )?([\w.]+))?/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, function: place, line: line.trim() }];
  });
}

function named({ name, function: place }: Lock): string {
  return `\`${name}\`${place === undefined ? "" : ` (in \`${place}()\`)`}`;
}
