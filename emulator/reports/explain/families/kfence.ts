import { type Explanation, fromText } from "../explanation.js";
import { objectHistory } from "../object-history.js";
import { count, culpritName, findLine } from "../wording.js";

/** CONFIG_KFENCE: mm/kfence/report.c. */
export const explainKfence = fromText((report): Explanation => {
  const name = culpritName(report) ?? "The kernel";
  const detail = findLine(
    report,
    /^\s*(Out-of-bounds|Use-after-free|Corrupted memory|Invalid free|Invalid) ?(read|write|access)? (?:at|of) (0x[0-9a-f]+)(.*)/,
  );
  const distance = findLine(report, /\((\d+)B (left|right) of kfence-#/);
  const object = findLine(report, /kfence-#\d+.*size=(\d+), cache=(\S+)/);
  const thing =
    object === undefined
      ? "an object"
      : `an object of ${count(Number(object[1]), "byte")} (slab cache \`${object[2]}\`)`;
  const evidence = [
    report.message,
    ...[detail, object].flatMap((line) => (line === undefined ? [] : [line.input.trim()])),
  ];
  const verb =
    detail?.[2] === "write" ? "wrote" : detail?.[2] === "read" ? "read" : "read or wrote";
  const tail = objectHistory(report);
  switch (detail?.[1]) {
    case "Out-of-bounds": {
      const where =
        distance === undefined
          ? "outside of"
          : distance[2] === "left"
            ? `${count(Number(distance[1]), "byte")} in front of`
            : distance[1] === "0"
              ? "right behind the end of"
              : `${count(Number(distance[1]), "byte")} past the end of`;
      return { sentence: `${name} ${verb} ${where} ${thing}${tail}.`, evidence };
    }
    case "Use-after-free":
      return {
        sentence: `${name} ${verb} ${verb === "wrote" ? "to" : "from"} ${thing} that had been freed${tail}.`,
        evidence,
      };
    case "Corrupted memory":
      return {
        sentence: `Somebody has written outside of ${thing}: that was found in ${name}, when it was freed${tail}.`,
        evidence,
      };
    case "Invalid free":
      return { sentence: `${name} freed an address that is no allocated object${tail}.`, evidence };
    default:
      return {
        sentence: `${name} accessed memory of KFENCE's pool that belongs to no object${tail}.`,
        evidence,
      };
  }
});
