import type { Family } from "./family.js";
import { inCulprit, traceMissing } from "./family.js";

export const spinlock: Family = {
  kind: "spinlock",
  firstLines: [
    {
      starts: [
        "BUG: spinlock ",
        "BUG: rwlock ",
        "BUG: rwlock-",
        "BUG: write-lock",
        "BUG: read-lock",
      ],
      pattern:
        /^BUG: (?<what>(?:spinlock|rwlock) (?:bad magic|already unlocked|wrong owner|wrong CPU|recursion|cpu recursion|lockup suspected|lockup|trylock failure on UP)|(?:read|write)-lock lockup)(?: on (?:CPU#(?<cpu>\d{1,5})|UP), (?<comm>.{1,64})\/(?<pid>\d{1,10})(?:,|\s*$))?/,
      from: "kernel/locking/spinlock_debug.c, spin_dump() and rwlock_bug()",
      role: "telling",
    },
    {
      starts: ["BUG: rtmutex", "BUG: mutex", "BUG: rt_mutex", "WARNING: rtmutex"],
      pattern: /^(?:BUG|WARNING): (?<what>rt_?mutex [\w -]{1,40}|mutex [\w -]{1,40})/,
      from: "kernel/locking/rtmutex-debug.c",
      role: "telling",
    },
    {
      starts: ["DEBUG_LOCKS_WARN_ON("],
      pattern: /^DEBUG_LOCKS_WARN_ON\((?<check>(?:lock->|!?mutex|rt_mutex|ww_)[^)]{0,120})\)/,
      from: "kernel/locking/mutex-debug.c",
      role: "telling",
    },
  ],
  title: (facts) =>
    facts.groups.what === undefined
      ? inCulprit("WARNING", facts)
      : inCulprit(`BUG: ${facts.groups.what}`, facts),
  body: /^\s*lock: \S/,
  missing: traceMissing,
};
