import type { SourceLocation } from "./debug-info.js";

/** A call that the compiler replaced by the called function's body. */
export interface InlinedCall {
  /** The function whose body it is. */
  readonly name: string;
  /** What it covers: pairs of first and past-the-end byte, from the outer function's start. */
  readonly ranges: readonly (readonly [start: number, end: number])[];
  /** Where the call stands, in the function that it was inlined into. */
  readonly callFile: string;
  readonly callLine: number;
  readonly callColumn: number;
  /** Calls inlined into this body; each lies within `ranges`. */
  readonly inlined: readonly InlinedCall[];
}

/** From `offset` up to the next row the code belongs to this source line. */
export interface LineRow {
  /** Bytes from the function's start. */
  readonly offset: number;
  readonly file: string;
  /** 0 for code that belongs to no line. */
  readonly line: number;
  readonly column: number;
}

/** All that the debug information says of one contiguous stretch of a function's code. */
export interface FunctionRecord {
  readonly name: string;
  /** The file's section and the offset in it where the stretch begins. */
  readonly section: number;
  readonly start: number;
  /** In bytes. */
  readonly size: number;
  /** Ordered by offset. */
  readonly rows: readonly LineRow[];
  readonly inlined: readonly InlinedCall[];
}

/**
 * The inline chain of a byte of a function, from the innermost function to the outermost:
 * DWARF 5, 3.3.8.
 * @param offset in bytes from the record's start.
 */
export function locateInFunction(record: FunctionRecord, offset: number): SourceLocation[] {
  const row = record.rows.findLast((candidate) => candidate.offset <= offset);
  const chain = inlineChain(record.inlined, offset);
  const locations: SourceLocation[] = [];
  let { file, line, column } = row ?? { file: "??", line: 0, column: 0 };
  for (const call of chain.reverse()) {
    locations.push({ function: call.name, file, line, column });
    ({ callFile: file, callLine: line, callColumn: column } = call);
  }
  locations.push({ function: record.name, file, line, column });
  return locations;
}

/** The inlined calls that cover a byte, from the outermost to the innermost. */
function inlineChain(calls: readonly InlinedCall[], offset: number): InlinedCall[] {
  const covering = calls.find(({ ranges }) =>
    ranges.some(([start, end]) => start <= offset && offset < end),
  );
  return covering === undefined ? [] : [covering, ...inlineChain(covering.inlined, offset)];
}
