import { type Explanation, fromText } from "../explanation.js";
import { traceOwner } from "../object-history.js";
import { count, culpritName, findLine, taskName } from "../wording.js";

/** CONFIG_DEBUG_KMEMLEAK: mm/kmemleak.c. */
export const explainMemoryLeak = fromText((report): Explanation => {
  const [, size] = findLine(report, /unreferenced object 0x[0-9a-f]+ \(size (\d+)\)/) ?? [];
  const [, suspected] = findLine(report, /kmemleak: (\d+) new suspected memory leaks/) ?? [];
  if (size === undefined && suspected !== undefined) {
    return {
      sentence: `Kmemleak found ${count(Number(suspected), "object")} that nothing in memory points to any more; /sys/kernel/debug/kmemleak lists them.`,
      evidence: [report.message],
    };
  }
  const owner = culpritName(report) ?? traceOwner(report.frames, /./);
  const task = taskName(report);
  return {
    sentence: `Nothing in memory points any more to ${size === undefined ? "an object" : `an object of ${count(Number(size), "byte")}`} that ${owner ?? "the kernel"} allocated${task === undefined ? "" : ` for ${task}`}: it was probably lost without being freed.`,
    evidence: [report.message],
  };
});
