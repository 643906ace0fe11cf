import type { CodePlace, DebugInfo } from "../debuginfo/debug-info.js";
import type { Frame, Report } from "./report.js";

/**
 * The place of a frame in its file. A return address is looked up one byte before, inside the
 * call: the instruction behind it may belong to another line, or to another function.
 * @returns undefined where the file has no such symbol, or one of another size: it is of
 *   another build then.
 */
export function framePlace(debugInfo: DebugInfo, frame: Frame): CodePlace | undefined {
  const { symbol, offset, size, role, address } = frame;
  const back = role === "return" ? 1 : 0;
  if (symbol === undefined) {
    return address === undefined ? undefined : debugInfo.placeOf(address - BigInt(back));
  }
  if (offset === undefined) return undefined;
  return debugInfo.resolve(symbol, Math.max(0, offset - back), size);
}

/** How well the debug information of a file fits the frames of a report that lie in it. */
export type Fit =
  /** Each frame's function is there, with the size that the kernel printed. */
  | "all"
  | "some"
  /** Not one: the file is of another build, or of something else. */
  | "none"
  /** The report has no frame by which one could tell. */
  | "unknown";

/** Compares a file with those frames of a report that lie in a module, or in the kernel. */
export function fitOf(debugInfo: DebugInfo, report: Report, module: string | undefined): Fit {
  const telling = report.frames.filter(
    (frame) => frame.module === module && frame.symbol !== undefined && frame.size !== undefined,
  );
  const found = telling.filter((frame) => framePlace(debugInfo, frame) !== undefined);
  if (telling.length === 0) return "unknown";
  if (found.length === telling.length) return "all";
  return found.length > 0 ? "some" : "none";
}
