import type { Family } from "./family.js";
import { inCulprit, oopsMissing } from "./family.js";

export const debugObjects: Family = {
  kind: "debug-objects",
  firstLines: [
    {
      starts: ["ODEBUG: "],
      pattern:
        /^ODEBUG: (?:(?<what>[\w ]{1,40}) (?:not available )?\(active state \d+\) object|object \S{1,40} is (?:on|NOT on) stack|\w+ \w+ )/,
      from: "lib/debugobjects.c, debug_print_object()",
      role: "telling",
    },
  ],
  title: (facts) => inCulprit("WARNING: ODEBUG bug", facts),
  missing: oopsMissing,
};
