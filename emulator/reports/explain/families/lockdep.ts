import type { Report } from "../../report.js";
import { type Explanation, fromText } from "../explanation.js";
import { capitalize, culpritName, findLine, taskName } from "../wording.js";

/** kernel/locking/lockdep.c; the wording of each report is that of its print_…() function. */
export const explainLockdep = fromText((report): Explanation => {
  const title = report.message;
  const [wanted, ...further] = locksBehind(
    report,
    /(?:is trying to (?:acquire|release|lock)|trying to release) lock/,
  );
  const held = locksBehind(report, /already holding lock|holding lock:/)[0] ?? further[0];
  const task = capitalize(taskName(report) ?? "a task");
  const evidence = [
    title,
    ...[wanted, held].flatMap((lock) => (lock === undefined ? [] : [lock.line])),
  ];
  const say = (sentence: string): Explanation => ({ sentence: `${sentence}.`, evidence });
  const name = culpritName(report) ?? "The kernel";
  const pair =
    wanted === undefined || held === undefined
      ? undefined
      : `${task} takes ${at(wanted)} while it holds ${at(held)}`;

  if (/circular locking dependency/.test(title)) {
    return say(
      `${pair ?? `${task} takes two locks`}, and elsewhere they are taken in the other order: when both happen at once, each waits for the other for ever`,
    );
  }
  if (/recursive locking/.test(title)) {
    return say(
      wanted === undefined || held === undefined
        ? `${task} takes a lock of a class of which it already holds one: if it is the same lock, it waits for itself for ever`
        : `${pair}, a lock of the same class: if it is the same lock, it waits for itself for ever`,
    );
  }
  if (/inconsistent lock state/.test(title)) {
    const [, before, now] = findLine(report, /inconsistent \{(.*?)\} -> \{(.*?)\} usage/) ?? [];
    const lock = locksBehind(report, /takes:/)[0];
    const context = /HARDIRQ/.test(before ?? now ?? "") ? "an interrupt handler" : "a softirq";
    return say(
      `The lock ${lock === undefined ? "" : `\`${lock.name}\` `}is taken in ${context} and, elsewhere, where ${context} may come in between: an interrupt at the wrong moment waits for ever for the code that it interrupted`,
    );
  }
  if (/irq lock inversion|-safe -> \w+-unsafe lock order/.test(title)) {
    return say(
      `${pair ?? `${task} takes two locks`}; of these locks one is also taken in an interrupt and the other with interrupts on, so an interrupt at the wrong moment makes both sides wait for ever`,
    );
  }
  if (/bad unlock balance/.test(title)) {
    const lock = locksBehind(report, /trying to release lock/)[0];
    const inline = findLine(report, /trying to release lock \((.*?)\) at:/)?.[1];
    const which = inline ?? lock?.name;
    return say(
      `${task} gave back ${which === undefined ? "a lock" : `the lock \`${which}\``} without holding it`,
    );
  }
  if (/held lock freed/.test(title))
    return say(`${name} freed memory with a lock in it that is held`);
  if (
    /lock held when returning to user space|still has locks held|lock held at task exit|exit with locks held/.test(
      title,
    )
  ) {
    const lock = /#0: +\S+ +\((.*?)\)/.exec(
      report.text.find((line) => /#0:/.test(line)) ?? "",
    )?.[1];
    return say(
      `${task} returned to user space, went to sleep or ended while it still held ${lock === undefined ? "a lock" : `the lock \`${lock.replace(/\)\{.*|\{.*/, "")}\``}: somebody forgot to give it back`,
    );
  }
  if (/suspicious RCU usage|illegal RCU usage/.test(title)) {
    const [, place, what] = findLine(report, /(\S+:\d+) (.*)!/) ?? [];
    return say(
      place === undefined
        ? `${name} used data that RCU protects without rcu_read_lock()`
        : `${name} used data that RCU protects without the protection that the check at ${place} asks for ("${what}")`,
    );
  }
  if (/Invalid wait context/i.test(title)) {
    return say(
      `${task} takes ${wanted === undefined ? "a lock that may sleep" : `${at(wanted)}, which may sleep on a real-time kernel,`} where sleeping is forbidden`,
    );
  }
  if (/non-static key/.test(title)) {
    return say(
      `${name} used a lock that was never initialised: lockdep cannot tell which lock it is`,
    );
  }
  if (/too low|turning off the locking correctness/.test(title)) {
    return say(
      `Lockdep ran out of room for what it records, and has switched itself off; this is no mistake of a driver`,
    );
  }
  if (/nested lock was not taken/.test(title))
    return say(`${name} took a lock that may only be taken under another one, without that one`);
  return say(`Lockdep found a use of locks in ${name} that its rules do not allow`);
});

interface Lock {
  readonly name: string;
  readonly function: string | undefined;
  readonly line: string;
}

/** The locks that are listed behind a line: `ADDRESS (NAME){STATE}, at: FUNCTION+…`. */
function locksBehind({ text }: Report, heading: RegExp): Lock[] {
  const at = text.findIndex((line) => heading.test(line));
  if (at < 0) return [];
  const locks: Lock[] = [];
  for (const line of text.slice(at, at + 8)) {
    const [, name, , place] =
      /\(+([^(){}]*(?:\([^(){}]*\))?[^(){}]*)\)?\)?\{[^}]*\}(-\{[^}]*\})?(?:, at: (?:\[<\w+>\] )?([\w.]+))?/.exec(
        line,
      ) ?? [];
    if (name === undefined) continue;
    locks.push({ name: name.replace(/^&+/, "&"), function: place, line: line.trim() });
  }
  return locks;
}

function at({ name, function: place }: Lock): string {
  return `\`${name}\`${place === undefined ? "" : ` (in \`${place}()\`)`}`;
}
