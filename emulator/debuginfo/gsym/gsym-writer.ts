import type { FunctionRecord, InlinedCall, LineRow } from "../function-record.js";
import { type FunctionColumns, type RowColumn, writeAnnex } from "./annex.js";
import { ByteWriter } from "./byte-writer.js";
import { FileTable, UNKNOWN_FILE } from "./file-table.js";
import { GsymError } from "./gsym-error.js";
import {
  type AddressOffsetSize,
  HEADER_SIZE,
  INFO_END,
  INFO_INLINE,
  INFO_LINE_TABLE,
  writeHeader,
} from "./header.js";
import { type GsymInline, writeInlineInfo } from "./inline-info.js";
import { type GsymRow, writeLineTable } from "./line-table.js";
import { StringTable } from "./string-table.js";

/**
 * Chunks and records are filled up with zeros to this: their sizes and offsets then repeat
 * often enough to save gzip more than the zeros cost.
 */
const ALIGNMENT = 8;

export interface FunctionAlias {
  readonly name: string;
  /** The function's. */
  readonly start: number;
}

export interface GsymContent {
  /** What the records' `start` counts from; 0 for addresses below 2^53. */
  readonly baseAddress: bigint;
  /** The build ID of the described file; at most 20 bytes, may be empty. */
  readonly uuid: Uint8Array;
  /**
   * Ordered by start, no two alike. Rows may go on behind the end of a function, up to the
   * next one's start.
   */
  readonly functions: readonly FunctionRecord[];
  /** Further names of functions. */
  readonly aliases: readonly FunctionAlias[];
}

/**
 * Writes a GSYM file (LLVM, llvm/include/llvm/DebugInfo/GSYM/) with an annex (FORMAT.md). The
 * same content always gives the same bytes.
 * @throws GsymError `unsupported-gsym` for what the format cannot hold.
 */
export function writeGsym(content: GsymContent): Uint8Array {
  const { baseAddress, uuid, functions } = content;
  const strings = new StringTable();
  const files = new FileTable(functions);
  const records = new ByteWriter();
  const recordOffsets: number[] = [];
  const columns: FunctionColumns[] = [];
  for (const record of functions) {
    records.align(ALIGNMENT);
    recordOffsets.push(records.length);
    columns.push(writeFunction(records, record, strings, files));
  }
  const indexes = indexByStart(functions);
  const aliases = content.aliases.map(({ name, start }) => {
    const index = indexes.get(start);
    if (index === undefined) {
      throw new GsymError("unsupported-gsym", `${name} is a further name of no function.`);
    }
    return { name: strings.offsetOf(name), function: index };
  });
  const fileTable = new ByteWriter();
  files.write(fileTable, strings);

  const addressOffsetSize = addressSizeFor(functions);
  const tablesEnd =
    align(HEADER_SIZE + functions.length * addressOffsetSize, 4) + functions.length * 4;
  const stringTableOffset = tablesEnd + fileTable.length;
  const recordsOffset = align(stringTableOffset + strings.bytes.length, ALIGNMENT);
  if (recordsOffset + records.length > 0xffff_ffff) {
    throw new GsymError("unsupported-gsym", "A GSYM file cannot be larger than 4 GiB.");
  }

  const writer = new ByteWriter();
  writeHeader(writer, {
    addressOffsetSize,
    baseAddress,
    addressCount: functions.length,
    stringTableOffset,
    stringTableSize: strings.bytes.length,
    uuid,
  });
  for (const { start } of functions) writeAddress(writer, start, addressOffsetSize);
  writer.align(4);
  for (const offset of recordOffsets) writer.u32(recordsOffset + offset);
  writer.append(fileTable.bytes);
  writer.append(strings.bytes);
  writer.align(ALIGNMENT);
  writer.append(records.bytes);
  writeAnnex(writer, columns, aliases);
  return writer.bytes.slice();
}

function indexByStart(functions: readonly FunctionRecord[]): Map<number, number> {
  let previous = -1;
  const indexes = functions.map(({ name, start }, index): [number, number] => {
    if (!(start > previous)) {
      throw new GsymError("unsupported-gsym", `${name} does not begin behind the one before it.`);
    }
    previous = start;
    return [start, index];
  });
  return new Map(indexes);
}

function align(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}

function addressSizeFor(functions: readonly FunctionRecord[]): AddressOffsetSize {
  const largest = functions.at(-1)?.start ?? 0;
  if (largest <= 0xff) return 1;
  if (largest <= 0xffff) return 2;
  return largest <= 0xffff_ffff ? 4 : 8;
}

function writeAddress(writer: ByteWriter, offset: number, size: AddressOffsetSize): void {
  if (size === 1) writer.u8(offset);
  else if (size === 2) writer.u16(offset);
  else if (size === 4) writer.u32(offset);
  else writer.u64(BigInt(offset));
}

/** @returns what the record itself has no room for. */
function writeFunction(
  writer: ByteWriter,
  record: FunctionRecord,
  strings: StringTable,
  files: FileTable,
): FunctionColumns {
  if (record.name === "") throw new GsymError("unsupported-gsym", "A function needs a name.");
  writer.u32(record.size);
  writer.u32(strings.offsetOf(record.name));
  const { rows, columns } = prepareRows(record.rows, files);
  if (rows.length > 0) writeChunk(writer, INFO_LINE_TABLE, () => writeLineTable(writer, rows));
  const calls: number[] = [];
  const inlined = prepareCalls(record.inlined, strings, files, calls);
  if (inlined.length > 0) writeChunk(writer, INFO_INLINE, () => writeInlineInfo(writer, inlined));
  writer.u32(INFO_END);
  writer.u32(0);
  return { rows: columns, calls };
}

function writeChunk(writer: ByteWriter, kind: number, writeContent: () => void): void {
  writer.u32(kind);
  writer.u32(0);
  const start = writer.length;
  writeContent();
  writer.align(ALIGNMENT);
  writer.setU32(start - 4, writer.length - start);
}

/** Leaves out the rows that say nothing new, and puts the columns apart. */
function prepareRows(
  lineRows: readonly LineRow[],
  files: FileTable,
): { rows: GsymRow[]; columns: RowColumn[] } {
  const rows: GsymRow[] = [];
  const columns: RowColumn[] = [];
  // LLVM finds nothing in a table whose first row begins behind the address.
  const first = lineRows[0];
  if (first !== undefined && first.offset > 0) {
    rows.push({ offset: 0, file: files.numberOf(UNKNOWN_FILE), line: 0 });
    columns.push(undefined);
  }
  lineRows.forEach(({ offset, file: name, line, column }, index) => {
    if (lineRows[index + 1]?.offset === offset) return; // Covers nothing.
    const file = files.numberOf(name);
    const previous = rows.at(-1);
    const rowColumn = line === 0 ? undefined : column;
    const isSameFile = previous?.file === file;
    const isSameLine = line === 0 || previous?.line === line;
    if (isSameFile && isSameLine && columns.at(-1) === rowColumn) return;
    // A row of no line keeps the line before it: that takes one byte instead of six, for every
    // sixth row. The columns tell that it is of no line.
    rows.push({ offset, file, line: line === 0 && isSameFile ? previous.line : line });
    columns.push(rowColumn);
  });
  return { rows, columns };
}

/** @param columns takes the calls' columns, each call's in front of those inside it. */
function prepareCalls(
  calls: readonly InlinedCall[],
  strings: StringTable,
  files: FileTable,
  columns: number[],
): GsymInline[] {
  return calls.map((call) => {
    columns.push(call.callColumn);
    return {
      ranges: [...call.ranges].sort(([a], [b]) => a - b),
      name: strings.offsetOf(call.name),
      callFile: files.numberOf(call.callFile),
      callLine: call.callLine,
      inlined: prepareCalls(call.inlined, strings, files, columns),
    };
  });
}
