import { isFlush } from "../no-culprits.js";
import type { Frame } from "../report.js";
import type { Facts, Family } from "./family.js";
import { inCulprit, LOCK_HELD, LOCK_TAKEN, ownFrames } from "./family.js";

/** Of these syzkaller names who takes the lock in an interrupt: the new dependency has many ends. */
const ORDER = /-safe -> \S+-unsafe lock order/i;
const BECAME_SAFE = /^which became \S+-safe$/;

/** What the first line says, and the title that syzkaller gives it. */
const TITLES: readonly (readonly [says: RegExp, title: string])[] = [
  [
    /possible circular|possible recursive|lock inversion|possible lock ?inversion/i,
    "possible deadlock",
  ],
  [ORDER, "possible deadlock"],
  [/inconsistent lock state/i, "inconsistent lock state"],
  [/invalid wait context/i, "WARNING: locking bug"],
  [/non-static key/i, "INFO: trying to register non-static key"],
];
/** Those that keep the words of the first line, and whether it says BUG, INFO or WARNING. */
const AS_PRINTED: readonly (readonly [says: RegExp, words: string])[] = [
  [/suspicious RCU usage|suspicious rcu_/i, "suspicious RCU usage"],
  [/bad unlock balance/i, "bad unlock balance"],
  [/bad contention/i, "bad contention"],
  [/held lock freed/i, "held lock freed"],
  [/lock held when returning/i, "lock held when returning to user space"],
  [/still has locks held/i, "still has locks held"],
  [/nested lock was not taken/i, "nested lock was not taken"],
  [/chain_key collision/i, "chain_key collision"],
];
const TOO_LOW = /^BUG: (MAX_\w{1,40}) too low/;
/** Where the lock that is still held was taken says more than where that was found. */
const HELD_AT_EXIT = /lock held when returning to user space|still has locks held/i;

/** Where a lock is released that is not held: `… is trying to release lock (…) at:`, then the place. */
const RELEASED_AT = /is trying to (?:release|contend) lock/;

function place({ frames, message }: Facts): Frame | undefined {
  const released = frames.find(({ trace }) => RELEASED_AT.test(trace));
  if (released !== undefined) return released;
  const taken = frames.find(({ trace }) => trace === LOCK_TAKEN);
  if (taken !== undefined) return taken;
  return HELD_AT_EXIT.test(message) ? frames.find(({ trace }) => trace === LOCK_HELD) : undefined;
}

export const lockdep: Family = {
  kind: "lockdep",
  firstLines: [
    {
      starts: ["WARNING: ", "[ INFO: ", "[ BUG: ", "INFO: ", "[ WARNING: ", "BUG: "],
      pattern:
        /^(?:\[ )?(?:WARNING|INFO|BUG): (?:possible circular locking dependency detected|possible recursive locking detected|possible irq lock inversion dependency detected|possible lock ?inversion|\S{1,20}-safe -> \S{1,20}-unsafe lock order detected|inconsistent lock state|suspicious RCU usage|suspicious rcu_dereference|bad unlock balance detected|bad contention detected|held lock freed|lock held when returning to user space|(?:.{1,80} )?still has locks held|[nN]ested lock was not taken|Invalid wait context|trying to register non-static key|chain_key collision)/i,
      from: "kernel/locking/lockdep.c",
      role: "telling",
    },
    {
      starts: ["BUG: MAX_", "BUG: key ", "BUG: looking up invalid subclass"],
      pattern:
        /^BUG: (?:MAX_\w{1,40} too low|key \S{1,40} has not been registered|looking up invalid subclass)/,
      from: "kernel/locking/lockdep.c, print_lockdep_off()",
      role: "telling",
    },
    {
      starts: ["DEBUG_LOCKS_WARN_ON("],
      pattern: /^DEBUG_LOCKS_WARN_ON\(.{0,200}\)/,
      from: "include/linux/debug_locks.h",
      role: "telling",
    },
  ],
  title: (facts) => {
    const { message } = facts;
    const tooLow = TOO_LOW.exec(message)?.[1];
    if (tooLow !== undefined) return `BUG: ${tooLow} too low!`;
    const title = TITLES.find(([says]) => says.test(message))?.[1];
    if (title !== undefined) return inCulprit(title, facts);
    const words = AS_PRINTED.find(([says]) => says.test(message))?.[1];
    const word = /^(?:\[ )?(WARNING|INFO|BUG)/.exec(message)?.[1] ?? "WARNING";
    if (words !== undefined) return inCulprit(`${word}: ${words}`, facts);
    const deadlock = facts.text.some((line) => line.includes("*** DEADLOCK ***"));
    return inCulprit(deadlock ? "possible deadlock" : "WARNING: locking bug", facts);
  },
  suspects: (facts) => {
    if (TOO_LOW.test(facts.message)) return [];
    const irqSafe = facts.frames.filter(({ trace }) => BECAME_SAFE.test(trace));
    if (irqSafe.length > 0 && ORDER.test(facts.message)) return irqSafe;
    const at = place(facts);
    const backtrace = facts.frames.filter(
      ({ trace }) => trace === "stack backtrace" || trace === "call",
    );
    if (at === undefined) return backtrace;
    // The stack has the call itself, unless the lock was taken earlier.
    const now = /held lock freed/i.test(facts.message)
      ? undefined
      : backtrace.find(({ symbol, sure }) => sure && symbol === at.symbol);
    return [now ?? at, ...backtrace];
  },
  never: isFlush,
  body: /^(?:.{1,80} (?:is trying to (?:acquire|lock|release|contend)|just changed the state of lock|is freeing memory|is leaving the kernel with locks)|but |and |which |the |other info|stack backtrace|inconsistent \{|irq event stamp|(?:hard|soft)irqs last|locks? held by|\s*(?:#\d+: |-> |\.\.\. |\{|\}|CPU0|----|\s*r?lock\(|<Interrupt>|\*\*\* DEADLOCK|Possible (?:unsafe|interrupt)|May be due|Chain exists|local_irq_disable)|[0-9a-f]{8,16} \(|\(|\d+ locks? held by|no locks? held by|\[?rcu_scheduler_active|rcu_scheduler_active|RCU used illegally|context-\{|to a |\.\.\. which|.{1,256}:\d+ .{1,120}!|[tT]he code is fine|you didn't initialize|turning off the locking|depth: )/,
  missing: (facts) => {
    // lockdep_sys_exit() prints no stack: it would be that of the return to user space.
    if (facts.message.includes("returning to user space")) return undefined;
    if (TOO_LOW.test(facts.message) && facts.text.length > 1) return undefined;
    const own = ownFrames(facts).some(
      ({ trace }) => trace === "stack backtrace" || trace === "call",
    );
    return own ? undefined : "The end is cut off: the stack backtrace is missing.";
  },
};
