import type { Report } from "../../report.js";
import { type Explanation, fromText } from "../explanation.js";
import { objectHistory } from "../object-history.js";
import { count, culpritName, findLine } from "../wording.js";

/** CONFIG_KFENCE: mm/kfence/report.c. Addresses may be hashed, `(____ptrval____)`. */
export const explainKfence = fromText((report): Explanation => {
  const name = culpritName(report) ?? "The kernel";
  const detail = findLine(
    report,
    /^\s*(Out-of-bounds|Use-after-free|Corrupted memory|Invalid free|Invalid) ?(read|write)? (?:at|of) /,
  );
  const object = findLine(report, /kfence-#\d+.*size=(\d+), cache=([\w.-]+)/);
  const thing =
    object === undefined
      ? "an object"
      : `an object of ${count(Number(object[1]), "byte")} (slab cache \`${object[2]}\`)`;
  const lines = [detail, object].flatMap((line) => (line === undefined ? [] : [line.input.trim()]));
  const history = objectHistory(report);
  const writes = detail?.[2] === "write";
  const say = (sentence: string): Explanation => ({
    sentence: `${sentence}${history}.`,
    evidence: [report.message, ...lines],
  });
  switch (detail?.[1]) {
    case "Out-of-bounds": {
      const size = object?.[1] === undefined ? undefined : Number(object[1]);
      return say(`${name} ${writes ? "wrote" : "read"} ${outside(report, size)} ${thing}`);
    }
    case "Use-after-free":
      return say(`${name} ${writes ? "wrote to" : "read from"} ${thing} that had been freed`);
    case "Corrupted memory":
      return say(
        `Somebody has written outside of ${thing}: that was found in ${name}, when it was freed`,
      );
    case "Invalid free":
      return say(
        `${name} freed an address at which no allocated object begins, in or near ${thing}`,
      );
    default:
      return say(`${name} accessed memory of KFENCE's pool that belongs to no object`);
  }
});

/** Both distances count from the object's start: kfence_report_error(). */
function outside(report: Report, size: number | undefined): string {
  const [, distance, side] = findLine(report, /\((\d+)B (left|right) of kfence-#/) ?? [];
  if (distance === undefined) return "outside of";
  if (side === "left") return `${count(Number(distance), "byte")} in front of`;
  if (size === undefined) return "behind the end of";
  const behind = Number(distance) - size;
  return behind > 0 ? `${count(behind, "byte")} past the end of` : "right behind the end of";
}
