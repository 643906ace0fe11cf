import type { FunctionRecord, LineRow } from "../../../debuginfo/function-record.js";
import { ByteWriter } from "../../../debuginfo/gsym/byte-writer.js";
import { UNKNOWN_FILE } from "../../../debuginfo/gsym/file-table.js";
import type { StringTable } from "../../../debuginfo/gsym/string-table.js";

/** Writes line number programs: DWARF 5, 6.2. */

const LINE_BASE = -5;
const LINE_RANGE = 14;
const OPCODE_BASE = 13;
/** How many operands each of the standard opcodes has, 6.2.5.2. */
const STANDARD_OPCODE_LENGTHS = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1];
const DW_LNS_COPY = 1;
const DW_LNS_ADVANCE_PC = 2;
const DW_LNS_ADVANCE_LINE = 3;
const DW_LNS_SET_FILE = 4;
const DW_LNS_SET_COLUMN = 5;
const DW_LNE_END_SEQUENCE = 1;
const DW_LNE_SET_ADDRESS = 2;
const DW_LNCT_PATH = 1;
const DW_LNCT_DIRECTORY_INDEX = 2;
const DW_FORM_LINE_STRP = 0x1f;
const DW_FORM_UDATA = 0x0f;

/** A function, and the bytes of code that its rows are for: padding behind it, too. */
export interface CoveredFunction {
  readonly record: FunctionRecord;
  readonly extent: number;
}

/** What lies in the unit's own folder is named from there, as the compiler does. */
export function pathFrom(folder: string, path: string): string {
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

/** The files of a unit by number. The first is the unit's own. */
export class UnitFiles {
  readonly #folder: string;
  readonly #folders = new Map<string, number>();
  readonly #files = new Map<string, { readonly number: number; readonly folder: number }>();

  /**
   * @param folder in which it was compiled.
   * @param primary the path of its source.
   */
  constructor(folder: string, primary: string) {
    this.#folder = folder;
    this.#folders.set(folder, 0);
    this.numberOf(primary);
  }

  numberOf(path: string): number {
    const known = this.#files.get(path);
    if (known !== undefined) return known.number;
    const short = pathFrom(this.#folder, path);
    const slash = short.lastIndexOf("/");
    const folder = slash < 0 ? this.#folder : short.slice(0, slash);
    let folderNumber = this.#folders.get(folder);
    if (folderNumber === undefined) {
      folderNumber = this.#folders.size;
      this.#folders.set(folder, folderNumber);
    }
    const number = this.#files.size;
    this.#files.set(path, { number, folder: folderNumber });
    return number;
  }

  write(writer: ByteWriter, strings: StringTable): void {
    writer.u8(1);
    writer.uleb128(DW_LNCT_PATH);
    writer.uleb128(DW_FORM_LINE_STRP);
    writer.uleb128(this.#folders.size);
    for (const folder of this.#folders.keys()) writer.u32(strings.offsetOf(folder));
    writer.u8(2);
    writer.uleb128(DW_LNCT_PATH);
    writer.uleb128(DW_FORM_LINE_STRP);
    writer.uleb128(DW_LNCT_DIRECTORY_INDEX);
    writer.uleb128(DW_FORM_UDATA);
    writer.uleb128(this.#files.size);
    for (const [path, { folder }] of this.#files) {
      writer.u32(strings.offsetOf(path.slice(path.lastIndexOf("/") + 1)));
      writer.uleb128(folder);
    }
  }
}

/**
 * Writes the table of one unit; each function has sequences of its own.
 * @param base what is added to the functions' starts.
 */
export function writeLineProgram(
  writer: ByteWriter,
  bits: 32 | 64,
  base: bigint,
  functions: readonly CoveredFunction[],
  files: UnitFiles,
  strings: StringTable,
): void {
  const program = new ByteWriter();
  for (const covered of functions) writeFunction(program, bits, base, covered, files);
  const start = writer.length;
  writer.u32(0);
  writer.u16(5);
  writer.u8(bits / 8);
  writer.u8(0); // no segments
  const headerLength = writer.length;
  writer.u32(0);
  writer.u8(1); // an instruction is one byte at least, …
  writer.u8(1); // … and one operation
  writer.u8(1); // each row is a statement's
  writer.u8(LINE_BASE & 0xff);
  writer.u8(LINE_RANGE);
  writer.u8(OPCODE_BASE);
  writer.append(Uint8Array.from(STANDARD_OPCODE_LENGTHS));
  files.write(writer, strings);
  writer.setU32(headerLength, writer.length - headerLength - 4);
  writer.append(program.bytes);
  writer.setU32(start, writer.length - start - 4);
}

/** A sequence for each stretch that the function's rows know of. */
function writeFunction(
  writer: ByteWriter,
  bits: 32 | 64,
  base: bigint,
  { record, extent }: CoveredFunction,
  files: UnitFiles,
): void {
  let rows: LineRow[] = [];
  const end = (offset: number): void => {
    if (rows.length > 0)
      writeSequence(writer, bits, base + BigInt(record.start), rows, offset, files);
    rows = [];
  };
  for (const row of record.rows) {
    if (row.offset >= extent) break;
    if (row.file === UNKNOWN_FILE) end(row.offset);
    else rows.push(row);
  }
  end(extent);
}

function writeSequence(
  writer: ByteWriter,
  bits: 32 | 64,
  start: bigint,
  rows: readonly LineRow[],
  end: number,
  files: UnitFiles,
): void {
  let at = rows[0]?.offset ?? 0;
  extended(writer, DW_LNE_SET_ADDRESS, bits / 8);
  const address = start + BigInt(at);
  if (bits === 32) writer.u32(Number(address));
  else writer.u64(address);
  let [file, line, column] = [1, 1, 0];
  for (const row of rows) {
    const number = files.numberOf(row.file);
    if (number !== file) {
      writer.u8(DW_LNS_SET_FILE);
      writer.uleb128(number);
      file = number;
    }
    if (row.column !== column) {
      writer.u8(DW_LNS_SET_COLUMN);
      writer.uleb128(row.column);
      column = row.column;
    }
    writeRow(writer, row.offset - at, row.line - line);
    at = row.offset;
    line = row.line;
  }
  writer.u8(DW_LNS_ADVANCE_PC);
  writer.uleb128(end - at);
  extended(writer, DW_LNE_END_SEQUENCE, 0);
}

function extended(writer: ByteWriter, opcode: number, operandBytes: number): void {
  writer.u8(0);
  writer.uleb128(operandBytes + 1);
  writer.u8(opcode);
}

/** Moves both and appends a row, in one byte where that can be: 6.2.5.1. */
function writeRow(writer: ByteWriter, advance: number, step: number): void {
  const isShort = step >= LINE_BASE && step < LINE_BASE + LINE_RANGE;
  const special = step - LINE_BASE + LINE_RANGE * advance + OPCODE_BASE;
  if (isShort && special <= 0xff) {
    writer.u8(special);
    return;
  }
  writer.u8(DW_LNS_ADVANCE_PC);
  writer.uleb128(advance);
  writer.u8(DW_LNS_ADVANCE_LINE);
  writer.sleb128(step);
  writer.u8(DW_LNS_COPY);
}
