import type { Family } from "./family.js";
import { inCulprit } from "./family.js";

export const warning: Family = {
  kind: "warning",
  firstLines: [
    {
      starts: ["------------[ cut here ]------------"],
      pattern: /^-{8,20}\[ cut here \]-{8,20}/,
      from: "include/asm-generic/bug.h, CUT_HERE",
      role: "opening",
    },
    {
      starts: ["WARNING: CPU: ", "WARNING: at "],
      pattern:
        /^WARNING: (?:CPU: (?<cpu>\d{1,5}) PID: (?<pid>\d{1,10}) )?at (?:(?<file>[^\s:]{1,256}):\d+ )?(?<function>\S+(?: \[[\w-]{1,64}\])?)/,
      from: "kernel/panic.c, __warn()",
      role: "vehicle",
    },
    {
      // Since 6.18.
      starts: ["WARNING: "],
      pattern:
        /^WARNING: (?:(?<file>[^\s:]{1,256}):\d+ )?at (?<function>\S+(?: \[[\w-]{1,64}\])?), CPU#(?<cpu>\d{1,5}): (?<comm>.{1,64})\/(?<pid>\d{1,10})/,
      from: "kernel/panic.c, __warn()",
      role: "vehicle",
    },
  ],
  title: (facts) => {
    const file = facts.groups.file ?? "";
    if (/(?:^|\/)kernel\/locking\/lockdep\.c$/.test(file)) {
      return inCulprit("WARNING: locking bug", facts);
    }
    return inCulprit("WARNING", facts);
  },
  missing: (facts) => {
    if (!facts.endTrace && !facts.panicked) {
      return "The end is cut off: the line “---[ end trace” is missing.";
    }
    return facts.frames.length === 0 ? "It has no frames." : undefined;
  },
};
