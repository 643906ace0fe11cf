import { type Explanation, fromText } from "../explanation.js";
import { count, findLine } from "../wording.js";

/** CONFIG_KCSAN: kernel/kcsan/report.c. */
export const explainKcsan = fromText((report): Explanation => {
  const accesses = report.text.flatMap((line) => {
    const [, kind, address, size, by] =
      /^\s*(?:race at unknown origin, with )?((?:assert no (?:writes|accesses) to|read(?:-write)? to|write to|read-write)[^0]*?)\s*(0x[0-9a-f]+) of (\d+) bytes by (.*?):?$/.exec(
        line,
      ) ?? [];
    if (kind === undefined || size === undefined || by === undefined) return [];
    const verb = /read-write/.test(kind)
      ? "reads and writes"
      : /write/.test(kind) && !/no/.test(kind)
        ? "writes"
        : "reads";
    return [
      {
        verb,
        size: Number(size),
        address: address ?? "",
        by: by.replace(/ on cpu \d+$/, ""),
        marked: /\(marked\)/.test(kind),
      },
    ];
  });
  const [, first, second] = findLine(report, /data-race in (\S+)(?: \/ (\S+))?/) ?? [];
  const [one, other] = accesses;
  const change = findLine(report, /value changed: (.*)/)?.[1];
  const changed =
    change === undefined
      ? ""
      : `; the value changed from ${change.replace(" -> ", " to ")} in between`;
  const evidence = [
    report.message,
    ...report.text
      .filter((line) => /of \d+ bytes by |value changed/.test(line))
      .map((line) => line.trim()),
  ];
  const name = (symbol: string | undefined): string =>
    symbol === undefined ? "another place" : `\`${symbol}()\``;
  if (one !== undefined && other !== undefined) {
    return {
      sentence: `${name(first)} ${one.verb} and ${name(second ?? first)} ${other.verb} the same ${count(one.size, "byte")} (at ${one.address}) at the same time, with nothing that orders them${changed}.`,
      evidence,
    };
  }
  return {
    sentence: `While ${name(first)} used ${one === undefined ? "some memory" : count(one.size, "byte")}${one === undefined ? "" : ` at ${one.address}`}, somebody unknown changed it at the same time${changed}.`,
    evidence,
  };
});
