import type { DebugFile } from "./debug-file.js";
import type { CodePlace } from "./debug-info.js";
import { displayedAddress } from "./list/section-layout.js";
import { StatementTable } from "./list/statement-table.js";

/** How many lines gdb lists: `show listsize`. */
const LIST_SIZE = 10;

/** Reads a source file; undefined where there is none. */
export type ReadSource = (path: string) => Promise<string | undefined> | string | undefined;

/** A line of a source file. */
export interface SourceLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

export type Listing =
  | {
      readonly outcome: "listed";
      /** As gdb shows it: see `displayedAddress`. */
      readonly address: bigint;
      /** The function of the debug information that has the address, never an inlined one. */
      readonly function: string | undefined;
      /** The source file, as gdb shows it. */
      readonly file: string;
      /** The same with the compilation's folder, as `DebugInfo.locate` has it. */
      readonly path: string;
      readonly line: number;
      /** The first line that is to be listed. */
      readonly firstLine: number;
      /** The lines around the position; undefined where the source is missing. */
      readonly lines: readonly SourceLine[] | undefined;
      /** How many lines the source has; undefined where it is missing. */
      readonly sourceLength: number | undefined;
    }
  | { readonly outcome: "no-symbol"; readonly symbol: string }
  | { readonly outcome: "no-source"; readonly address: bigint };

/**
 * What gdb's `list *(symbol+offset)` lists.
 * @param readSource is asked for the path as the debug information has it.
 * @throws DwarfError, with code `no-debug-info` for a file without any, or ElfError.
 */
export async function listAt(
  file: DebugFile,
  symbol: string,
  offset: number,
  readSource: ReadSource,
): Promise<Listing> {
  file.requireDebugInfo();
  const start = file.resolve(symbol, 0);
  if (start === undefined) return { outcome: "no-symbol", symbol };
  const place = { section: start.section, offset: start.offset + offset };
  return listPlace(file, place, readSource);
}

/** As {@link listAt}, for a place. */
export async function listPlace(
  file: DebugFile,
  place: CodePlace,
  readSource: ReadSource,
): Promise<Listing> {
  const { dwarf, space } = file;
  file.requireDebugInfo();
  dwarf.sections.budget.refill();
  const shown = displayedAddress(file.elf, place);
  const address = space.addressOf(place);
  const code = address === undefined ? undefined : dwarf.codeAt(address);
  if (address === undefined || code === undefined) return { outcome: "no-source", address: shown };
  const position = new StatementTable(code).find(address);
  if (position === undefined) return { outcome: "no-source", address: shown };
  const { name, path, line } = position;
  const outermost = code.subroutines.chainAt(address).at(-1);
  return {
    outcome: "listed",
    address: shown,
    function: outermost === undefined ? undefined : dwarf.subroutineName(code, outermost),
    file: name,
    path,
    line,
    ...linesAround(line, await readSource(path)),
  };
}

/** The lines that gdb lists for a position. */
export function linesAround(
  line: number,
  source: string | undefined,
): Pick<Extract<Listing, { outcome: "listed" }>, "firstLine" | "lines" | "sourceLength"> {
  const all = splitLines(source);
  const firstLine = Math.max(1, line - LIST_SIZE / 2);
  const lines = all
    ?.slice(firstLine - 1, firstLine - 1 + LIST_SIZE)
    .map((text, index) => ({ number: firstLine + index, text }));
  return { firstLine, lines, sourceLength: all?.length };
}

/**
 * The words of gdb 13, without a newline at the end. Only for an address without a line gdb
 * prints nothing at all, which does not help anyone.
 */
export function formatListing(listing: Listing): string {
  switch (listing.outcome) {
    case "no-symbol":
      return `No symbol "${listing.symbol}" in current context.`;
    case "no-source":
      return `No line is known for address ${hexadecimal(listing.address)}.`;
    case "listed": {
      const { address, file, line, firstLine, lines, sourceLength } = listing;
      const where = listing.function === undefined ? "at " : `in ${listing.function} (`;
      const end = listing.function === undefined ? "." : ").";
      const head = `${hexadecimal(address)} is ${where}${file}:${line}${end}`;
      if (lines === undefined) return `${head}\n${firstLine}\t${file}: No such file or directory.`;
      if (lines.length === 0) {
        return `${head}\nLine number ${firstLine} out of range; ${file} has ${sourceLength} lines.`;
      }
      return [head, ...lines.map(({ number, text }) => `${number}\t${printable(text)}`)].join("\n");
    }
  }
}

function hexadecimal(address: bigint): string {
  return `0x${address.toString(16)}`;
}

function splitLines(source: string | undefined): string[] | undefined {
  const lines = source?.split("\n");
  if (lines?.at(-1) === "") lines.pop();
  return lines;
}

/** gdb shows control characters other than tabs as `^` and a letter; a CR at the end not at all. */
function printable(text: string): string {
  return text.replace(/\r$/, "").replace(CONTROL, (character) => {
    const code = character.charCodeAt(0);
    return code === 0x7f ? "^?" : `^${String.fromCharCode(code + 0x40)}`;
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/g;
