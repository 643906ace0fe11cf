/** Puts text into the width of a terminal. Widths are in UTF-16 units, enough for our texts. */

export { visible, wrapProse } from "../lab/index.js";

/**
 * Breaks a line that is too long, at a blank if there is one, and indents what follows by
 * `hanging` columns so that one sees that it belongs together.
 */
export function wrapLine(line: string, width: number | undefined, hanging: number): string[] {
  if (width === undefined || line.length <= width || width <= hanging * 2) return [line];
  const blank = line.lastIndexOf(" ", width);
  const end = blank > hanging ? blank : width;
  const rest = line.slice(end).trimStart();
  return [line.slice(0, end), ...wrapLine(" ".repeat(hanging) + rest, width, hanging)];
}

/** Milliseconds as a person reads them: `143 ms`, `2.1 s`. */
export function formatDuration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
