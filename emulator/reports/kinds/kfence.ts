import { baseName } from "../draft/frame-line.js";
import { isAllocator } from "../no-culprits.js";
import type { Family } from "./family.js";
import { inCulprit, traceMissing } from "./family.js";

export const kfence: Family = {
  kind: "kfence",
  firstLines: [
    {
      starts: ["BUG: KFENCE: "],
      pattern: /^BUG: KFENCE: (?<bug>[\w -]{1,40}?) in (?<function>.{1,300})/,
      from: "mm/kfence/report.c, kfence_report_error()",
      role: "telling",
    },
  ],
  title: (facts) => {
    const what = `KFENCE: ${facts.groups.bug}`;
    if (facts.culprit?.symbol !== undefined) return inCulprit(what, facts);
    const name = /^([A-Za-z_.$][\w.$]*)/.exec(facts.groups.function ?? "")?.[1];
    return name === undefined ? what : `${what} in ${baseName(name)}`;
  },
  never: isAllocator,
  ownTrace: /^(?:out-of-bounds|use-after-free|corrupted memory|invalid)/i,
  body: /^(?:(?:Out-of-bounds|Use-after-free|Corrupted|Invalid) |kfence-#\d+|(?:allocated|freed) by)/,
  missing: (facts) => {
    const end = facts.hasCpuLine || facts.separators > 0 || facts.panicked;
    return traceMissing(facts) ?? (end ? undefined : "The end is cut off: the CPU is missing.");
  },
  isOver: ({ separators, frames }) => separators >= 1 && frames.length > 0,
};
