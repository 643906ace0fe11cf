/** Changes of one file, as `diff -u` writes them (GNU diffutils manual, "Unified Format"). */
export interface UnifiedDiff {
  /** As the `+++` line has it, without its `b/`. */
  readonly path: string;
  readonly hunks: readonly Hunk[];
}

interface Hunk {
  /** The number of its first line before the change, from 1. */
  readonly line: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Reads what a patch does to the first file that it names; what is no part of that is passed over. */
export function parseDiff(patch: string): UnifiedDiff | undefined {
  const lines = patch.split("\n");
  const at = lines.findIndex((line) => line.startsWith("+++ "));
  const path = /^\+\+\+ (?:b\/)?([^\t]+)/.exec(lines[at] ?? "")?.[1];
  if (path === undefined) return undefined;
  const hunks: { line: number; before: string[]; after: string[] }[] = [];
  for (const line of lines.slice(at + 1)) {
    const [, start] = /^@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@/.exec(line) ?? [];
    const hunk = hunks.at(-1);
    if (start !== undefined) hunks.push({ line: Number(start), before: [], after: [] });
    else if (line.startsWith("--- ")) break;
    else if (hunk !== undefined) {
      const text = line.slice(1);
      if (/^[ -]/.test(line)) hunk.before.push(text);
      if (/^[ +]/.test(line)) hunk.after.push(text);
    }
  }
  return { path, hunks };
}

/** What takes the changes back. */
export function reversed({ path, hunks }: UnifiedDiff): UnifiedDiff {
  let shift = 0;
  return {
    path,
    hunks: hunks.map(({ line, before, after }) => {
      const hunk = { line: line + shift, before: after, after: before };
      shift += after.length - before.length;
      return hunk;
    }),
  };
}

/**
 * The text with the changes made. Like patch(1) it finds a hunk whose lines stand elsewhere by
 * now, the nearest place first, but all of the hunk's lines have to be there.
 * @returns undefined when they are not
 */
export function applyDiff(text: string, { hunks }: UnifiedDiff): string | undefined {
  const lines = text.split("\n");
  let shift = 0;
  for (const { line, before, after } of hunks) {
    const at = nearest(lines, before, line - 1 + shift);
    if (at === undefined) return undefined;
    lines.splice(at, before.length, ...after);
    shift = at - (line - 1) + after.length - before.length;
  }
  return lines.join("\n");
}

function nearest(
  lines: readonly string[],
  wanted: readonly string[],
  expected: number,
): number | undefined {
  const isAt = (at: number): boolean => wanted.every((line, index) => lines[at + index] === line);
  for (let distance = 0; distance <= lines.length; distance++) {
    for (const at of [expected - distance, expected + distance]) {
      if (at >= 0 && at + wanted.length <= lines.length && isAt(at)) return at;
    }
  }
  return undefined;
}
