import { ByteReader, stringAt } from "../byte-reader.js";
import type { FunctionRecord, InlinedCall, LineRow } from "../function-record.js";
import { lastNotAbove } from "../sorted.js";
import { AnnexReader } from "./annex.js";
import { UNKNOWN_FILE } from "./file-table.js";
import { corruptGsym } from "./gsym-error.js";
import {
  type GsymHeader,
  HEADER_SIZE,
  INFO_END,
  INFO_INLINE,
  INFO_LINE_TABLE,
  readHeader,
} from "./header.js";
import { type GsymInline, readInlineInfo } from "./inline-info.js";
import { type GsymRow, readLineTable } from "./line-table.js";

/** In bytes: twice the kernel's KSYM_NAME_LEN; no folder of its sources has as long a path. */
const LONGEST_STRING = 1024;
/** A kernel of some size has 3,000 source files with code. */
const MOST_FILES_KEPT = 10_000;

/** Name and extent of a function, without its lines. */
export interface GsymSymbol {
  readonly name: string;
  /** Bytes from the file's base address. */
  readonly start: number;
  /** In bytes. */
  readonly size: number;
}

/**
 * Reads a GSYM file (LLVM, llvm/include/llvm/DebugInfo/GSYM/), with the annex that FORMAT.md
 * describes where it has one. Opening copies the address table; functions are decoded
 * when they are asked for. The bytes may be anything: what is damaged gives a GsymError.
 */
export class GsymReader {
  readonly header: GsymHeader;
  /** Where each function begins, in bytes from the base address, ascending. */
  readonly starts: Float64Array;
  readonly #bytes: Uint8Array;
  readonly #strings: Uint8Array;
  readonly #recordOffsets: ByteReader;
  readonly #files: ByteReader;
  readonly #fileCount: number;
  readonly #annex: AnnexReader | undefined;
  /** Paths by number, those that were asked for. */
  readonly #paths = new Map<number, string>();

  /** @throws GsymError */
  constructor(bytes: Uint8Array) {
    const header = readHeader(bytes);
    const { addressCount, addressOffsetSize, stringTableOffset, stringTableSize } = header;
    this.header = header;
    this.#bytes = bytes;
    this.#strings = bytes.subarray(stringTableOffset, stringTableOffset + stringTableSize);
    const offsetsStart = Math.ceil((HEADER_SIZE + addressCount * addressOffsetSize) / 4) * 4;
    const offsetsEnd = offsetsStart + addressCount * 4;
    if (offsetsEnd > bytes.length) throw corruptGsym("its address table is cut off");
    this.starts = readStarts(bytes, header);
    this.#recordOffsets = new ByteReader(bytes, corruptGsym, offsetsStart, offsetsEnd);
    const files = new ByteReader(bytes, corruptGsym, offsetsEnd);
    this.#fileCount = files.u32();
    this.#files = files.slice(files.position, files.position + this.#fileCount * 8);
    this.#annex = AnnexReader.open(bytes, addressCount);
  }

  /** Index of the last function that begins at or before an offset; -1 where there is none. */
  indexAt(offset: number): number {
    return lastNotAbove(this.starts, offset);
  }

  /**
   * Further names of functions, with the functions' indexes.
   * @throws GsymError
   */
  aliases(): { name: string; index: number }[] {
    const aliases = this.#annex?.aliases ?? [];
    return aliases.map(({ name, function: index }) => ({ name: this.#name(name), index }));
  }

  /** @throws GsymError */
  symbol(index: number): GsymSymbol {
    const record = this.#record(index);
    return { size: record.u32(), name: this.#name(record.u32()), start: this.#start(index) };
  }

  /** @throws GsymError */
  function(index: number): FunctionRecord {
    const record = this.#record(index);
    const size = record.u32();
    const name = this.#name(record.u32());
    let rows: GsymRow[] = [];
    let inlined: readonly GsymInline[] = [];
    for (;;) {
      const kind = record.u32();
      const length = record.u32();
      const end = record.position + length;
      if (kind === INFO_END) break;
      if (kind === INFO_LINE_TABLE) rows = readLineTable(record.slice(record.position, end));
      else if (kind === INFO_INLINE) inlined = readInlineInfo(record.slice(record.position, end));
      record.seek(end);
    }
    const columns = this.#annex?.columnsOf(index, rows.length, countCalls(inlined));
    const callColumns = columns?.calls.values();
    return {
      name,
      section: 0,
      start: this.#start(index),
      size,
      rows: rows.map((row, at) => this.#row(row, columns === undefined ? 0 : columns.rows[at])),
      inlined: inlined.map((call) => this.#call(call, callColumns)),
    };
  }

  #start(index: number): number {
    return this.starts[index] ?? 0;
  }

  #record(index: number): ByteReader {
    const offsets = this.#recordOffsets.slice(
      this.#recordOffsets.position + index * 4,
      this.#recordOffsets.end,
    );
    return new ByteReader(this.#bytes, corruptGsym, offsets.u32());
  }

  #name(offset: number): string {
    const name = this.#string(offset);
    if (name === undefined || name === "") {
      throw corruptGsym(`it has no name at ${offset} of its string table`);
    }
    return name;
  }

  #row({ offset, file, line }: GsymRow, column: number | undefined): LineRow {
    const isOfNoLine = column === undefined;
    return {
      offset,
      file: this.#file(file),
      line: isOfNoLine ? 0 : line,
      column: isOfNoLine ? 0 : column,
    };
  }

  /** @param columns of the calls that are left, in their order. */
  #call(call: GsymInline, columns: Iterator<number> | undefined): InlinedCall {
    const column = columns?.next();
    return {
      name: call.name === 0 ? "??" : this.#name(call.name),
      ranges: call.ranges,
      callFile: this.#file(call.callFile),
      callLine: call.callLine,
      callColumn: column === undefined || column.done === true ? 0 : column.value,
      inlined: call.inlined.map((inner) => this.#call(inner, columns)),
    };
  }

  #file(number: number): string {
    if (number === 0) return UNKNOWN_FILE;
    const known = this.#paths.get(number);
    if (known !== undefined) return known;
    if (number >= this.#fileCount) throw corruptGsym(`it has no file of number ${number}`);
    const entry = this.#files.slice(this.#files.position + number * 8, this.#files.end);
    const folder = this.#string(entry.u32());
    const name = this.#string(entry.u32());
    if (folder === undefined || name === undefined) {
      throw corruptGsym(`its file ${number} has no name`);
    }
    let path = folder === "" ? name : `${folder}/${name}`;
    if (name === "") path = UNKNOWN_FILE;
    if (this.#paths.size >= MOST_FILES_KEPT) this.#paths.clear();
    this.#paths.set(number, path);
    return path;
  }

  #string(offset: number): string | undefined {
    return stringAt(this.#strings, offset, LONGEST_STRING);
  }
}

function readStarts(bytes: Uint8Array, header: GsymHeader): Float64Array {
  const { addressCount, addressOffsetSize } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset + HEADER_SIZE);
  const starts = new Float64Array(addressCount);
  let previous = 0;
  for (let index = 0; index < addressCount; index++) {
    const start = readStart(view, index * addressOffsetSize, addressOffsetSize);
    if (start < previous) throw corruptGsym("its addresses are not in order");
    starts[index] = previous = start;
  }
  return starts;
}

function readStart(view: DataView, at: number, size: GsymHeader["addressOffsetSize"]): number {
  switch (size) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, true);
    case 4:
      return view.getUint32(at, true);
    case 8:
      return Number(view.getBigUint64(at, true));
  }
}

function countCalls(calls: readonly GsymInline[]): number {
  return calls.reduce((count, { inlined }) => count + 1 + countCalls(inlined), 0);
}
