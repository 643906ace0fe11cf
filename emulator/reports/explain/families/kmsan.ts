import { type Explanation, fromText } from "../explanation.js";
import { traceOwner } from "../object-history.js";
import { culpritName, findLine } from "../wording.js";

/** CONFIG_KMSAN: mm/kmsan/report.c. */
export const explainKmsan = fromText((report): Explanation => {
  const name = culpritName(report) ?? "The kernel";
  const local = findLine(report, /Local variable (\S+) created at:/)?.[1];
  const created = traceOwner(report.frames, /creat/i);
  const from =
    local !== undefined
      ? `; it is in the local variable \`${local}\``
      : created === undefined
        ? ""
        : `; its memory was allocated by ${created}`;
  const what = /infoleak/.test(report.message)
    ? "copied memory that was never written to out of the kernel"
    : "made a decision, or used an address, by a value that was never set";
  return { sentence: `${name} ${what}${from}.`, evidence: [report.message] };
});
