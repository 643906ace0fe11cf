import { type Explanation, fromText } from "../explanation.js";
import { culpritName, findLine, linesLike, taskName } from "../wording.js";

/** mm/page_alloc.c, bad_page(), and mm/memory.c, print_bad_pte(). */
export const explainBadPage = fromText((report): Explanation => {
  const [, why] =
    findLine(report, /page dumped because: (.*)/) ??
    findLine(report, /bad because of flags: (.*)/) ??
    [];
  const counter = findLine(report, /Bad rss-counter state .*?(?:type:(\w+)|idx:(\d+)) val:(-?\d+)/);
  const name = culpritName(report);
  const found = name === undefined ? "" : ` in ${name}`;
  const evidence = [report.message, ...linesLike(report, /page dumped because|bad because/)];
  if (counter !== undefined) {
    return {
      sentence: `When a program's memory was given back, the kernel's count of its pages (${counter[1] ?? `number ${counter[2]}`}) was ${counter[3]} instead of 0: pages were mapped or unmapped behind its back.`,
      evidence,
    };
  }
  if (/Bad page map/.test(report.message)) {
    return {
      sentence: `An entry of the page table of ${taskName(report) ?? "a program"} makes no sense: it was overwritten, or its page is used otherwise.`,
      evidence,
    };
  }
  return {
    sentence: `A page was allocated or freed${found} whose descriptor says that it is still in use${why === undefined ? "" : ` ("${why}")`}: it was freed while in use, or the descriptor was overwritten.`,
    evidence,
  };
});
