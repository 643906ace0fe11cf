import type { Frame } from "../report.js";
import type { Facts, Family } from "./family.js";
import { inCulprit } from "./family.js";

/** What the first line says, and the title that syzkaller gives it. */
const TITLES: readonly (readonly [says: RegExp, title: string])[] = [
  [
    /possible circular locking|possible recursive locking|possible irq lock inversion/i,
    "possible deadlock",
  ],
  [/-safe -> \S+-unsafe lock order|possible lock ?inversion/i, "possible deadlock"],
  [/inconsistent lock state/i, "inconsistent lock state"],
  [/suspicious RCU usage|suspicious rcu_/i, "WARNING: suspicious RCU usage"],
  [/bad unlock balance/i, "WARNING: bad unlock balance"],
  [/bad contention/i, "WARNING: bad contention"],
  [/held lock freed/i, "WARNING: held lock freed"],
  [/lock held when returning/i, "WARNING: lock held when returning to user space"],
  [/still has locks held/i, "WARNING: still has locks held"],
  [/nested lock was not taken/i, "WARNING: nested lock was not taken"],
  [/invalid wait context/i, "BUG: Invalid wait context"],
  [/non-static key/i, "INFO: trying to register non-static key"],
  [/chain_key collision/i, "WARNING: chain_key collision"],
];

const TOO_LOW = /^(?:BUG: )?(MAX_\w{1,40}|\w{1,40}) too low/;

/** The place that took the lock: `… (&mm->mmap_lock){++++}-{3:3}, at: do_user_addr_fault+0x1/0x2`. */
function acquiredAt({ frames }: Facts): Frame | undefined {
  return frames.find(({ trace }) => trace === "lock taken");
}

export const lockdep: Family = {
  kind: "lockdep",
  firstLines: [
    {
      starts: ["WARNING: ", "[ INFO: ", "[ BUG: ", "INFO: ", "[ WARNING: ", "BUG: "],
      pattern:
        /^(?:\[ )?(?:WARNING|INFO|BUG): (?:possible circular locking dependency detected|possible recursive locking detected|possible irq lock inversion dependency detected|possible lock ?inversion|\S{1,20}-safe -> \S{1,20}-unsafe lock order detected|inconsistent lock state|suspicious RCU usage|suspicious rcu_dereference|bad unlock balance detected|bad contention detected|held lock freed|lock held when returning to user space|.{1,80} still has locks held|[nN]ested lock was not taken|Invalid wait context|trying to register non-static key|chain_key collision)/i,
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
    const tooLow = TOO_LOW.exec(facts.message)?.[1];
    if (tooLow !== undefined) return `BUG: ${tooLow} too low!`;
    const title = TITLES.find(([says]) => says.test(facts.message))?.[1];
    return inCulprit(title ?? "WARNING: locking bug", facts);
  },
  suspects: (facts) => {
    const at = acquiredAt(facts);
    const backtrace = facts.frames.filter(
      ({ trace }) => trace === "stack backtrace" || trace === "call",
    );
    if (at === undefined) return backtrace;
    return [backtrace.find(({ symbol }) => symbol === at.symbol) ?? at, ...backtrace];
  },
  body: /^(?:.{1,80} (?:is trying to (?:acquire|lock|release|contend)|just changed the state of lock|is freeing memory|is leaving the kernel with locks)|but |and |which |the |other info|stack backtrace|inconsistent \{|irq event stamp|(?:hard|soft)irqs last|locks? held by|\s*(?:#\d+: |-> |\.\.\. |\{|\}|CPU0|----|\s*r?lock\(|<Interrupt>|\*\*\* DEADLOCK|Possible (?:unsafe|interrupt)|May be due|Chain exists|local_irq_disable)|[0-9a-f]{8,16} \(|\(|\d+ locks? held by|no locks? held by|\[?rcu_scheduler_active|rcu_scheduler_active|RCU used illegally|context-\{|to a |\.\.\. which|.{1,256}:\d+ .{1,120}!|The code is fine|you didn't initialize|turning off the locking|depth: )/,
  missing: (facts) => {
    if (facts.message.includes(" too low") && facts.text.length > 1) return undefined;
    const own = facts.frames.some(({ trace }) => trace === "stack backtrace" || trace === "call");
    return own ? undefined : "The end is cut off: the stack backtrace is missing.";
  },
};
