import type { Report } from "../../report.js";
import { fromText } from "../explanation.js";
import { describePointer } from "../pointer-patterns.js";
import { culpritName, findLine } from "../wording.js";

/** CONFIG_DEBUG_LIST: lib/list_debug.c. */
export const explainListCorruption = fromText((report) => {
  const name = culpritName(report) ?? "The kernel";
  const line =
    findLine(report, /list_(?:add|del)\w* (?:corruption|double add).*/)?.[0] ?? report.message;
  return { sentence: `${name} ${wrong(line, report)}.`, evidence: [line] };
});

function wrong(line: string, report: Report): string {
  const adding = /list_add/.test(line);
  const action = adding
    ? "was about to add an entry to a list"
    : "was about to remove an entry from a list";
  const bits = report.arch === "i386" ? 32 : 64;
  if (/double add/.test(line)) {
    return "added an entry to a list in which it already is";
  }
  const poisoned = /->(next|prev) is LIST_POISON[12]/.exec(line);
  if (poisoned !== null) {
    return `removed an entry from a list from which it was removed before: its \`${poisoned[1]}\` still holds what list_del() leaves there`;
  }
  const missing = /(\w+(?:->\w+)?) is NULL/.exec(line);
  if (missing !== null) return `${action}, and \`${missing[1]}\` is NULL`;
  const [, field, expected, found] =
    /(prev->next|next->prev) should be (?:(?:prev|next) \()?(\w+)\)?,? but was (\w+)/.exec(line) ??
    [];
  if (field === undefined || expected === undefined || found === undefined) {
    return `${action} whose pointers do not agree`;
  }
  const value = /^[0-9a-f]{8,16}$/.test(found) ? BigInt(`0x${found}`) : undefined;
  const pattern = value === undefined ? undefined : describePointer(value, bits);
  const meaning = pattern === undefined ? "" : `; that ${pattern}`;
  return `${action}, and its neighbours disagree: \`${field}\` should be ${expected} but was ${found}${meaning}`;
}
