import type { Diagnostic } from "../../../emulator/toolchain/index.js";

/** A place that a message of the compiler is about. */
export interface ProblemPlace {
  /** In the guest, or from the kernel's tree: `include/linux/slab.h`. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in bytes of UTF-8, as clang counts them. */
  readonly column: number;
}

/** What a message adds to another one: where a name was declared, what a macro was expanded from. */
export interface ProblemNote {
  readonly message: string;
  readonly place?: ProblemPlace;
}

/** Something that is wrong with a source, with all that was said about it. */
export interface Problem {
  readonly severity: "error" | "warning";
  readonly message: string;
  /** The option that the message belongs to, such as `-Wunused-variable`. */
  readonly option?: string;
  readonly place?: ProblemPlace;
  readonly notes: readonly ProblemNote[];
  /** Names that may have been meant. */
  readonly suggestions: readonly string[];
  /** What helps against it. */
  readonly advice?: string;
}

/**
 * Makes problems of a compiler's messages: notes belong to the message in front of them.
 * @param folder that relative paths begin in; undefined for those of the kernel's tree, in which
 *   the compiler of modules runs
 */
export function problemsOf(
  diagnostics: readonly Diagnostic[],
  folder: string | undefined,
): readonly Problem[] {
  const groups: Diagnostic[][] = [];
  for (const diagnostic of diagnostics) {
    const isNote = diagnostic.severity === "note" || diagnostic.severity === "remark";
    const last = groups.at(-1);
    if (isNote && last !== undefined) last.push(diagnostic);
    else groups.push([diagnostic]);
  }
  return groups.flatMap(([first, ...notes]) =>
    first === undefined ? [] : problemOf(first, notes, folder),
  );
}

function problemOf(
  { severity, message, option, suggestions, advice, place }: Diagnostic,
  notes: readonly Diagnostic[],
  folder: string | undefined,
): Problem {
  return {
    severity: severity.endsWith("error") ? "error" : "warning",
    message,
    ...(option !== undefined && { option }),
    ...(place !== undefined && { place: placeOf(place, folder) }),
    notes: notes.map((note) => ({
      message: note.message,
      ...(note.place !== undefined && { place: placeOf(note.place, folder) }),
    })),
    suggestions: suggestions ?? [],
    ...(advice !== undefined && { advice }),
  };
}

function placeOf(
  { file, line, column }: NonNullable<Diagnostic["place"]>,
  folder: string | undefined,
): ProblemPlace {
  const isRelative = folder !== undefined && !file.startsWith("/");
  return { path: isRelative ? `${folder}/${file.replace(/^\.\//, "")}` : file, line, column };
}

/** How many errors and warnings there are, as one says it: `2 errors, 1 warning`. */
export function countProblems(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  return [counted(errors, "error"), counted(problems.length - errors, "warning")]
    .filter((text) => text !== "")
    .join(", ");
}

function counted(count: number, word: string): string {
  return count === 0 ? "" : `${count} ${word}${count === 1 ? "" : "s"}`;
}

/**
 * The column that an editor counts in UTF-16 code units, from the compiler's bytes; both from 1.
 * @param line the text of the line
 */
export function columnInText(line: string, column: number): number {
  let bytes = 0;
  let units = 0;
  for (const character of line) {
    if (bytes >= column - 1) break;
    bytes += utf8Length(character.codePointAt(0) ?? 0);
    units += character.length;
  }
  return units + 1;
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
