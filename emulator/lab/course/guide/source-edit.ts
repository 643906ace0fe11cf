import { applyDiff, parseDiff, reversed } from "../unified-diff.js";
import { findFunction } from "./c-function.js";

/** How a step can want a source: without the edit, that is before it or taken back, or with it. */
export type EditState = "whole" | "made";

/** How a source stands against an edit that the course asks for. */
export type SourceState =
  | { readonly kind: EditState }
  /** Something else was changed that is in the way. */
  | { readonly kind: "other"; readonly problem: string };

/**
 * A change of a section's source that a person makes in one step, and takes back in a later one.
 * What else they have changed is theirs. Texts mark code by backquotes.
 */
export interface SourceEdit {
  /** In the section's folder: the change as the course makes it. */
  readonly patch: string;
  /** The functions that {@link stateOf} looks at; the change is in the first. */
  readonly functions: readonly [string, ...string[]];
  /** Where in that function the change belongs: the last line that holds the first that is found. */
  readonly places: readonly RegExp[];
  /** Says that it is not made, where that is in the way, or that it is not taken back. */
  readonly says: Readonly<Record<EditState, string>>;
  /** A function of {@link functions} that is not there needs no answer here. */
  readonly stateOf: (code: (name: string) => string) => SourceState;
}

export const WHOLE: SourceState = { kind: "whole" };
export const MADE: SourceState = { kind: "made" };

export function problem(text: string): SourceState {
  return { kind: "other", problem: text };
}

/** How a source stands against an edit. */
export function sourceState(source: string, edit: SourceEdit): SourceState {
  const code = new Map<string, string>();
  for (const name of edit.functions) {
    const found = findFunction(source, name);
    if (found === undefined) {
      return problem(`There is no whole function \`${name}()\` in the source any more.`);
    }
    code.set(name, found.code);
  }
  return edit.stateOf((name) => code.get(name) ?? "");
}

/** The line, from 1, at which the edit is made or taken back. */
export function lineOfEdit(source: string, edit: SourceEdit): number {
  const found = findFunction(source, edit.functions[0]);
  if (found === undefined) return 1;
  const before = source.slice(0, found.start).split("\n").length;
  const lines = source.slice(found.start, found.end).split("\n");
  for (const place of edit.places) {
    const at = lines.findLastIndex((line) => place.test(line));
    if (at >= 0) return before + at;
  }
  return before;
}

/** What {@link withEdit} makes its texts of. */
export interface CourseTexts {
  /** The source as the section begins with it. */
  readonly original: string;
  readonly patch: string;
}

/** The source as the course has it behind its own edit. */
export function courseEdited({ original, patch }: CourseTexts): string | undefined {
  const diff = parseDiff(patch);
  return diff && applyDiff(original, diff);
}

/**
 * A source with the edit made, or taken back. Only the lines of the course's change are touched,
 * or, where they cannot be found, the functions that the edit is about.
 * @returns undefined when that does not do either
 */
export function withEdit(
  source: string,
  edit: SourceEdit,
  texts: CourseTexts,
  wanted: EditState,
): string | undefined {
  const diff = parseDiff(texts.patch);
  const model = wanted === "made" ? courseEdited(texts) : texts.original;
  if (diff === undefined || model === undefined) return undefined;
  const isWanted = (text: string | undefined): text is string =>
    text !== undefined && sourceState(text, edit).kind === wanted;
  const byLines = applyDiff(source, wanted === "made" ? diff : reversed(diff));
  if (isWanted(byLines)) return byLines;
  const byFunctions = edit.functions.reduce((text, name) => withBodyOf(text, name, model), source);
  return isWanted(byFunctions) ? byFunctions : undefined;
}

function withBodyOf(source: string, name: string, model: string): string {
  const here = findFunction(source, name);
  const there = findFunction(model, name);
  if (here === undefined || there === undefined) return source;
  const body = model.slice(there.start, there.end);
  return source.slice(0, here.start) + body + source.slice(here.end);
}
