import { baseName } from "../draft/frame-line.js";
import type { Family } from "./family.js";
import { traceMissing } from "./family.js";

export const kcsan: Family = {
  kind: "kcsan",
  firstLines: [
    {
      starts: ["BUG: KCSAN: "],
      pattern:
        /^BUG: KCSAN: (?<bug>data-race|assert: race|racing [\w -]{1,40}?|[\w :-]{1,40}?) in (?<first>\S{1,256})(?: \[[\w-]{1,64}\])?(?: \/ (?<second>\S{1,256}))?/,
      from: "kernel/kcsan/report.c, print_report()",
      role: "telling",
    },
  ],
  title: ({ groups: { bug, first = "", second } }) => {
    const names = [first, second].flatMap((place) =>
      place === undefined ? [] : [baseName(place.replace(/\+0x.*/, ""))],
    );
    return `KCSAN: ${bug} in ${names.join(" / ")}`;
  },
  suspects: ({ frames }) => frames,
  body: /^(?:(?:read|write|assert|race|read-write)\b.{0,120} (?:of \d+ bytes|by )|value changed|\s+bits changed|Reported by Kernel Concurrency|\s+\|$|\s+\+-> reordered)/,
  missing: (facts) => {
    const reported = facts.text.some((line) => line.startsWith("Reported by Kernel Concurrency"));
    const end = reported || facts.separators > 0 || facts.panicked;
    return (
      traceMissing(facts) ?? (end ? undefined : "The end is cut off: “Reported by” is missing.")
    );
  },
  isOver: ({ separators, frames }) => separators >= 1 && frames.length > 0,
};
