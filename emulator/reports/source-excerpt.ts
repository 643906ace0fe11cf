import type { SourceLocation } from "../debuginfo/debug-info.js";

/** Lines shown in front of a marked one and behind it. */
const LINES_AROUND = 4;

/** A few lines of a source file, one of them marked. */
export interface SourceExcerpt {
  /** As the debug information names it. */
  readonly file: string;
  /** The number of the first line. */
  readonly firstLine: number;
  readonly markedLine: number;
  readonly lines: readonly string[];
}

/**
 * The lines around a location.
 * @returns undefined where the text is not at hand, or has no such line: it is of another
 *   version then.
 */
export function excerptOf(
  { file, line }: SourceLocation,
  text: string | undefined,
): SourceExcerpt | undefined {
  const all = text?.replace(/\n$/, "").split("\n") ?? [];
  if (line < 1 || line > all.length) return undefined;
  const firstLine = Math.max(1, line - LINES_AROUND);
  return {
    file,
    firstLine,
    markedLine: line,
    lines: all.slice(firstLine - 1, line + LINES_AROUND),
  };
}
