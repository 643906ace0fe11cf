import type { Family } from "./family.js";
import { inCulprit, traceMissing } from "./family.js";

export const ubsan: Family = {
  kind: "ubsan",
  firstLines: [
    {
      starts: ["UBSAN: "],
      pattern: /^UBSAN: (?<bug>[\w -]{1,60}?) (?:in|at) (?<function>\S+(?: \[[\w-]{1,64}\])?)/,
      from: "lib/ubsan.c, ubsan_prologue()",
      role: "telling",
    },
  ],
  // Until 5.9 all were "Undefined behaviour"; with CONFIG_UBSAN_TRAP the words have blanks.
  title: (facts) =>
    inCulprit(`UBSAN: ${(facts.groups.bug ?? "").toLowerCase().replaceAll(" ", "-")}`, facts),
  body: /^(?:index |shift exponent|left shift|signed integer|unsigned integer|division |load of |member access|load of|store to|null pointer|\S{1,40} \S{1,3} \S{1,40} cannot be|negation of|object size|for an object|which requires|variable length|calling __builtin|assumption of|passing zero|address |pointer )/,
  missing: traceMissing,
  isOver: ({ separators, endTrace, frames }) => frames.length > 0 && (endTrace || separators >= 1),
};
