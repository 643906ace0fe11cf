import { type Explanation, fromText } from "../explanation.js";
import { culpritName, findLine } from "../wording.js";

/** lib/refcount.c, refcount_warn_saturate(). */
const REFCOUNTS: readonly (readonly [pattern: RegExp, meaning: string])[] = [
  [
    /underflow/,
    "gave a reference back that was not there: the count was put more often than it was taken, so the object may have been freed while others still used it",
  ],
  [
    /(?:addition|increment) on 0/,
    "took a reference to an object whose count had already reached 0: it may have been freed by then",
  ],
  [
    /decrement hit 0|hit zero/,
    "gave the last reference back in a place that does not free the object: it is lost",
  ],
  [
    /saturated/,
    "made a reference count overflow, or used one that already had: the kernel holds it fast, and the object is never freed",
  ],
];

export const explainRefcount = fromText((report): Explanation => {
  const name = culpritName(report) ?? "The kernel";
  const line = findLine(report, /refcount_t:? .*/)?.[0] ?? report.message;
  const meaning = REFCOUNTS.find(([pattern]) => pattern.test(line))?.[1];
  return {
    sentence: `${name} ${meaning ?? "did something with a reference count that its checks do not allow"}.`,
    evidence: [line],
  };
});
