import { baseName } from "../draft/frame-line.js";
import { isAllocator } from "../no-culprits.js";
import type { Family } from "./family.js";
import { inCulprit, traceMissing } from "./family.js";

export const kmsan: Family = {
  kind: "kmsan",
  firstLines: [
    {
      starts: ["BUG: KMSAN: "],
      pattern: /^BUG: KMSAN: (?<bug>[\w-]{1,60}) in (?<function>.{1,300})/,
      from: "mm/kmsan/report.c, kmsan_report()",
      role: "telling",
    },
  ],
  title: (facts) => {
    const what = `KMSAN: ${facts.groups.bug}`;
    if (facts.culprit?.symbol !== undefined) return inCulprit(what, facts);
    const name = /^([A-Za-z_.$][\w.$]*)/.exec(facts.groups.function ?? "")?.[1];
    return name === undefined ? what : `${what} in ${baseName(name)}`;
  },
  never: isAllocator,
  body: /^(?:Uninit was|Local variable|Bytes? \d|Memory access of size|Data copied to user|chained origin|==)/,
  missing: traceMissing,
  isOver: ({ separators, frames }) => separators >= 1 && frames.length > 0,
};
