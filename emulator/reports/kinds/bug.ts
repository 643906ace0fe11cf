import { isAllocator } from "../no-culprits.js";
import type { Family } from "./family.js";
import { inCulprit, oopsMissing } from "./family.js";

export const bug: Family = {
  kind: "bug",
  firstLines: [
    {
      starts: ["kernel BUG at ", "Kernel BUG at ", "BUG: failure at "],
      pattern:
        /^[kK]ernel BUG at (?:(?<file>[^\s:]{1,256}):\d+!|\[verbose debug info unavailable\]|\S{1,256} \[verbose)/,
      from: "lib/bug.c, report_bug()",
      role: "vehicle",
    },
  ],
  title: (facts) => inCulprit("kernel BUG", facts),
  never: isAllocator,
  missing: oopsMissing,
};
