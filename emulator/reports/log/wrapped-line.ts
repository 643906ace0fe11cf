import { isCodeLine, isHexBytes } from "../draft/code-bytes.js";
import { readMoreModules } from "../draft/modules.js";
import type { LogLine } from "./log-line.js";

/** Mail is wrapped at 72 columns or more (RFC 3676, 4.2), terminals at 80 or more. */
const NARROWEST_WRAP = 72;
/** A line this long may be one that was wrapped, were the rest of it not there yet. */
const LONG_LINE = 56;
/** A joined line cannot grow forever. */
const LONGEST_JOINED = 16_384;

/** Whether the rest of a line may still come, so that it has to be held back for a while. */
export function mayBeWrapped(line: LogLine): boolean {
  if (line.width > LONG_LINE) return true;
  return isCodeLine(line.text) || line.text.includes("Modules linked in:");
}

/**
 * Joins a line with the next one where a terminal, a mail program or a paste broke it in two.
 * @param isOwn whether a message is one that stands for itself, so that it continues nothing.
 * @returns undefined where the two are separate lines.
 */
export function joinWrapped(
  line: LogLine,
  next: LogLine,
  isOwn: (message: string) => boolean,
): LogLine | undefined {
  if (next.prefixed || next.text.trim() === "") return undefined;
  if (line.source === "program" || line.text.length > LONGEST_JOINED) return undefined;
  const rest = next.text.trim();
  if (!continues(line, next, rest, isOwn)) return undefined;
  return {
    ...line,
    text: `${line.text.trimEnd()}${cutsWord(line, next) ? "" : " "}${rest}`,
    last: next.last,
    width: next.width,
  };
}

function continues(
  line: LogLine,
  next: LogLine,
  rest: string,
  isOwn: (message: string) => boolean,
): boolean {
  if (isCodeLine(line.text)) return isHexBytes(rest);
  if (/^\s*Modules linked in:/.test(line.text)) {
    return readMoreModules(rest) !== undefined && !isOwn(rest);
  }
  const firstWord = /^\S+/.exec(rest)?.[0] ?? "";
  // A word that would have fitted would not have been moved to the next line.
  if (line.width + 1 + firstWord.length <= NARROWEST_WRAP || line.width < LONG_LINE) return false;
  if (isOwn(next.text)) return false;
  // A value of a register, a number of a build, the second half of a sentence.
  return /^(?:[0-9a-f]{4,16}$|[0-9a-f]{4,16} [A-Z]|#\d|[a-z(0-9"'/<[]|\+0x|[A-Z0-9_]+: [0-9a-f]{4,16})/.test(
    rest,
  );
}

/** A terminal breaks at its last column, wherever that is; both halves are then of one word. */
function cutsWord(line: LogLine, next: LogLine): boolean {
  if (line.text.endsWith(" ") || next.text.startsWith(" ")) return false;
  if (line.width !== 80 && line.width !== 100 && line.width !== 120 && line.width !== 132) {
    return false;
  }
  return !/^\S+ (?:[0-9a-f]{2} )/.test(next.text);
}
