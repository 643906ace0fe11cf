import type { Family, FirstLine } from "./family.js";
import { FAMILIES } from "./index.js";

/** A first line that was found. */
export interface FirstLineMatch {
  readonly family: Family;
  readonly firstLine: FirstLine;
  readonly groups: Readonly<Record<string, string | undefined>>;
  /** The line is panic()'s, whichever family it begins. */
  readonly panics: boolean;
  readonly message: string;
}

interface Candidate {
  readonly start: string;
  readonly family: Family;
  readonly firstLine: FirstLine;
}

/** Every first line by the character that it begins with. */
const byFirstCharacter = new Map<number, Candidate[]>();
/** Those that begin with a name; `*` stands for it. */
const behindName: Candidate[] = [];

for (const family of FAMILIES) {
  for (const firstLine of family.firstLines) {
    for (const start of firstLine.starts) {
      const candidate = { start, family, firstLine };
      if (start.startsWith("*")) {
        behindName.push({ ...candidate, start: start.slice(1) });
        continue;
      }
      const code = start.charCodeAt(0);
      byFirstCharacter.set(code, [...(byFirstCharacter.get(code) ?? []), candidate]);
    }
  }
}

/** What stands behind a task's name in first lines that begin with one. */
export const BEHIND_NAME: readonly string[] = [...new Set(behindName.map(({ start }) => start))];

/** Whether a message that begins at `at` may be a first line; cheap, and true a little too often. */
export function mayBeFirstLine(text: string, at: number): boolean {
  const candidates = byFirstCharacter.get(text.charCodeAt(at));
  if (candidates === undefined) return false;
  for (const { start } of candidates) if (text.startsWith(start, at)) return true;
  return false;
}

/** The family that a message begins, if it begins any. */
export function matchFirstLine(message: string): FirstLineMatch | undefined {
  const candidates = byFirstCharacter.get(message.charCodeAt(0)) ?? [];
  let tried: FirstLine | undefined;
  for (const { start, family, firstLine } of candidates) {
    if (firstLine === tried || !message.startsWith(start)) continue;
    tried = firstLine;
    const match = firstLine.pattern.exec(message);
    if (match !== null) return found(message, family, firstLine, match);
  }
  for (const { start, family, firstLine } of behindName) {
    if (!message.includes(start)) continue;
    const match = firstLine.pattern.exec(message);
    if (match !== null) return found(message, family, firstLine, match);
  }
  return undefined;
}

function found(
  message: string,
  family: Family,
  firstLine: FirstLine,
  match: RegExpExecArray,
): FirstLineMatch {
  const panics = /^Kernel [pP]anic/.test(message);
  return { family, firstLine, groups: match.groups ?? {}, panics, message };
}
