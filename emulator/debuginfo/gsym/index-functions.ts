import type { CodeSymbol, DebugInfo } from "../debug-info.js";
import type { FunctionRecord, InlinedCall, LineRow } from "../function-record.js";
import { UNKNOWN_FILE } from "./file-table.js";
import type { FunctionAlias, GsymContent } from "./gsym-writer.js";

/** What stands for a name that is not known. */
const UNKNOWN_FUNCTION = "??";

/** The code of a linked file, as DebugFile describes it. */
export interface DescribedCode extends Pick<DebugInfo, "symbolAt"> {
  /** Ordered by address; they do not overlap. */
  functions(): Iterable<FunctionRecord>;
  symbols(): Iterable<CodeSymbol>;
}

/**
 * The functions of an index. GSYM knows one record for each address, the last one that begins
 * before it, so each begins with a symbol, or with a function that no symbol covers, and takes
 * up what follows: the parts of one symbol that the debug information holds apart, and
 * the lines of the padding behind it. Padding in front of all functions is left out.
 * @param sectionStart bytes from the base address of the index to a section.
 */
export function indexFunctions(
  code: DescribedCode,
  sectionStart: (section: number) => number,
): Pick<GsymContent, "functions" | "aliases"> {
  const startOf = ({ place }: CodeSymbol): number => sectionStart(place.section) + place.offset;
  const symbols = new Map<number, CodeSymbol[]>();
  for (const symbol of code.symbols()) {
    const sharing = symbols.get(startOf(symbol));
    if (sharing === undefined) symbols.set(startOf(symbol), [symbol]);
    else sharing.push(symbol);
  }
  const functions: GrowingFunction[] = [];
  const aliases: FunctionAlias[] = [];
  for (const record of code.functions()) {
    const start = sectionStart(record.section) + record.start;
    const symbol = code.symbolAt({ section: record.section, offset: record.start });
    if (symbol !== undefined && startOf(symbol) === start) {
      functions.push(new GrowingFunction(symbol.name, start, symbol.size));
      const others = (symbols.get(start) ?? []).filter(({ name }) => name !== symbol.name);
      for (const { name } of others) aliases.push({ name, start });
    } else if (symbol === undefined && record.name !== UNKNOWN_FUNCTION) {
      functions.push(new GrowingFunction(record.name, start, record.size));
    }
    functions.at(-1)?.add(record, start);
  }
  return {
    functions: functions.map((growing, index) => growing.finish(functions[index + 1]?.start)),
    aliases,
  };
}

/** A function that is being put together. */
class GrowingFunction {
  readonly #name: string;
  readonly start: number;
  readonly #size: number;
  readonly #rows: LineRow[] = [];
  readonly #inlined: InlinedCall[] = [];
  /** Past what is known so far, from the function's start. */
  #end = 0;

  constructor(name: string, start: number, size: number) {
    this.#name = name;
    this.start = start;
    this.#size = size;
  }

  /** @param start of the record, counted as this function's own. */
  add({ rows, inlined, size }: FunctionRecord, start: number): void {
    const shift = start - this.start;
    if (shift > this.#end) this.#endRows();
    for (const row of rows) this.#rows.push({ ...row, offset: row.offset + shift });
    this.#inlined.push(...inlined.map((call) => moveCall(call, shift)));
    this.#end = shift + size;
  }

  /** @param next where the next function begins; undefined for the last one. */
  finish(next: number | undefined): FunctionRecord {
    const hasLines = this.#rows.some(({ file }) => file !== UNKNOWN_FILE);
    if (hasLines && next !== this.start + this.#end) this.#endRows();
    return {
      name: this.#name,
      section: 0,
      start: this.start,
      size: this.#size,
      rows: hasLines ? this.#rows : [],
      inlined: this.#inlined,
    };
  }

  /** Nothing is known of what follows. */
  #endRows(): void {
    this.#rows.push({ offset: this.#end, file: UNKNOWN_FILE, line: 0, column: 0 });
  }
}

function moveCall(call: InlinedCall, shift: number): InlinedCall {
  if (shift === 0) return call;
  return {
    ...call,
    ranges: call.ranges.map(([start, end]) => [start + shift, end + shift]),
    inlined: call.inlined.map((inner) => moveCall(inner, shift)),
  };
}
