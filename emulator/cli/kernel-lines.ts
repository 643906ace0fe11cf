import type { KernelRecord } from "../lab/index.js";
import type { Style } from "./terminal-style.js";
import { visible, wrapLine } from "./text-layout.js";

/**
 * A record as `dmesg` and the console show it, `[    3.201443] text`: one line for each line
 * of the text, and one that says so when messages before it were lost.
 */
export function formatKernelRecord({ seconds, text, missing }: KernelRecord): string[] {
  const stamp = `[${seconds.toFixed(6).padStart(12)}] `;
  const lost = missing > 0 ? [`${stamp}(${missing} messages before this one were lost)`] : [];
  return [...lost, ...text.split("\n").map((line) => stamp + visible(line))];
}

/** Records as lines for a person, in the quiet look that the kernel has in transcripts. */
export function kernelLines(
  records: readonly KernelRecord[],
  style: Style,
  width: number | undefined,
): string[] {
  return records
    .flatMap(formatKernelRecord)
    .flatMap((line) => wrapLine(line, width, line.indexOf("]") + 2))
    .map((line) => style("dim", line));
}
