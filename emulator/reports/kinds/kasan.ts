import { baseName } from "../draft/frame-line.js";
import { isAllocator } from "../no-culprits.js";
import type { Facts, Family } from "./family.js";
import { inCulprit, traceMissing } from "./family.js";

/** `Read of size 4 at addr …`: mm/kasan/report.c, print_error_description(). */
function access(facts: Facts): string {
  for (const line of facts.text) {
    const word = /^(Read|Write) (?:of size \d|at addr)/.exec(line)?.[1];
    if (word !== undefined) return ` ${word}`;
  }
  return "";
}

export const kasan: Family = {
  kind: "kasan",
  firstLines: [
    {
      starts: ["BUG: KASAN: "],
      pattern:
        /^BUG: KASAN: (?<bug>[\w-]+(?: or [\w-]+)?)(?: in (?<function>.{1,300})| on .*|\s*$)/,
      from: "mm/kasan/report.c, print_error_description()",
      role: "telling",
    },
  ],
  title: (facts) => {
    const bug = facts.groups.bug?.replace(/^double-free(?: or invalid-free)?$/, "invalid-free");
    const what = `KASAN: ${bug}${access(facts)}`;
    if (facts.culprit?.symbol !== undefined) return inCulprit(what, facts);
    const name = /^([A-Za-z_.$][\w.$]*)/.exec(facts.groups.function ?? "")?.[1];
    return name === undefined ? what : `${what} in ${baseName(name)}`;
  },
  never: isAllocator,
  body: /^(?:(?:Read|Write|Free) (?:of |at )|(?:Allocated|Freed)(?: by task)?|PID = \d|Last potentially|Second to last|The buggy address|(?: ?which| ?and is) |page:|page dumped|flags: |raw: |head:|The buggy|Memory state|[ >]?[0-9a-f]{8,16}: |\s+\^|\(stack is not|Object at |Address |this frame has|This frame has|\s*\[\d+, \d+\)|addr \S+ is located|Pointer tag|located \d+ bytes|kasan: |Disabling lock debugging|page_owner |page last |page:|memcg:|anon flags|Comm: |BUG .{1,64}: kasan: bad access|INFO: |Bytes b4|Object |Redzone |Padding |Slab |(?:Allocated|Freed) in )/,
  missing: (facts) => {
    const noTrace = traceMissing(facts);
    if (noTrace !== undefined || facts.panicked) return noTrace;
    const has = (start: string): boolean => facts.text.some((line) => line.startsWith(start));
    // Kernels until 4.8 put SLUB's report, with a rule of its own, into KASAN's.
    const rules = has("BUG ") ? 1 : 0;
    return has("Memory state around") || facts.separators > rules
      ? undefined
      : "The end is cut off: the state of the memory around the address is missing.";
  },
  isOver: ({ separators, frames }) => separators >= 1 && frames.length > 0,
};
