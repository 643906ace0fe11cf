import type { ByteReader } from "../byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { corruptGsym } from "./gsym-error.js";

/** An inlined call, with its strings and files as indexes. */
export interface GsymInline {
  /** Pairs of first and past-the-end byte, counted from the function's start, ordered. */
  readonly ranges: readonly (readonly [start: number, end: number])[];
  /** Offset in the string table. */
  readonly name: number;
  /** Index into the file table. */
  readonly callFile: number;
  readonly callLine: number;
  readonly inlined: readonly GsymInline[];
}

/**
 * The outermost entry stands for the function itself, and only says that an address is worth
 * looking further. A size that every function's code is smaller than repeats from record to
 * record, where the exact one would not.
 */
const ROOT_SIZE = 0x0fff_ffff;

/** Our kernel has 14 at most. A damaged file must not exhaust the stack. */
const DEEPEST = 256;
/** Of one function. Our kernel has 353 at most; damage must not take up the memory. */
const MOST_CALLS = 0x1_0000;

/**
 * Writes the inlined calls of a function, below an entry for the function: LLVM,
 * llvm/include/llvm/DebugInfo/GSYM/InlineInfo.h.
 */
export function writeInlineInfo(writer: ByteWriter, inlined: readonly GsymInline[]): void {
  const ranges = [[0, ROOT_SIZE] as const];
  writeInline(writer, { ranges, name: 0, callFile: 0, callLine: 0, inlined }, 0);
}

/** @param base what the ranges count from: the first byte of the enclosing entry. */
function writeInline(writer: ByteWriter, call: GsymInline, base: number): void {
  writer.uleb128(call.ranges.length);
  for (const [start, end] of call.ranges) {
    writer.uleb128(start - base);
    writer.uleb128(end - start);
  }
  writer.u8(call.inlined.length > 0 ? 1 : 0);
  writer.u32(call.name);
  writer.uleb128(call.callFile);
  writer.uleb128(call.callLine);
  if (call.inlined.length === 0) return;
  const start = call.ranges[0]?.[0] ?? base;
  for (const inner of call.inlined) writeInline(writer, inner, start);
  writer.uleb128(0);
}

/**
 * Reads the inlined calls of a function.
 * @param reader over this chunk alone; what follows its end is left.
 */
export function readInlineInfo(reader: ByteReader): readonly GsymInline[] {
  return new InlineReader(reader).read(0, 0)?.inlined ?? [];
}

class InlineReader {
  readonly #reader: ByteReader;
  #count = 0;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  /** @returns undefined for the mark that ends a list of calls. */
  read(base: number, depth: number): GsymInline | undefined {
    const reader = this.#reader;
    const rangeCount = reader.uleb128();
    if (rangeCount === 0) return undefined;
    if (depth > DEEPEST || ++this.#count > MOST_CALLS) {
      throw corruptGsym("a function has more inlined calls than a compiler makes");
    }
    const ranges: (readonly [number, number])[] = [];
    for (let index = 0; index < rangeCount; index++) {
      const start = base + reader.uleb128();
      ranges.push([start, start + reader.uleb128()]);
    }
    const hasInlined = reader.u8() !== 0;
    const name = reader.u32();
    const callFile = reader.uleb128();
    const callLine = reader.uleb128();
    const inlined: GsymInline[] = [];
    if (hasInlined) {
      // LLVM orders the ranges when it reads them, and counts from the first.
      const first = ranges.reduce((least, [start]) => Math.min(least, start), Number.MAX_VALUE);
      for (;;) {
        const inner = this.read(first, depth + 1);
        if (inner === undefined) break;
        inlined.push(inner);
      }
    }
    return { ranges, name, callFile, callLine, inlined };
  }
}
