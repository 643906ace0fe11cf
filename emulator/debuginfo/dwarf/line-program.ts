import type { ByteReader } from "../byte-reader.js";
import {
  DW_LNE_define_file,
  DW_LNE_end_sequence,
  DW_LNE_set_address,
  DW_LNE_set_discriminator,
  DW_LNS_advance_line,
  DW_LNS_advance_pc,
  DW_LNS_const_add_pc,
  DW_LNS_copy,
  DW_LNS_fixed_advance_pc,
  DW_LNS_negate_stmt,
  DW_LNS_set_basic_block,
  DW_LNS_set_column,
  DW_LNS_set_epilogue_begin,
  DW_LNS_set_file,
  DW_LNS_set_isa,
  DW_LNS_set_prologue_end,
} from "./constants.js";
import { corruptSection } from "./dwarf-error.js";
import { readAddress } from "./forms.js";
import { inlineString, type LineHeader, readLineHeader, readOldFile } from "./line-header.js";
import {
  type LineRows,
  LineTable,
  ROW_ENDS_SEQUENCE,
  ROW_HAS_DISCRIMINATOR,
  ROW_IS_LATER_OPERATION,
  ROW_IS_STATEMENT,
  type Sequence,
} from "./line-table.js";
import type { Unit } from "./unit.js";

/**
 * Runs the line number program of a unit: DWARF 5, 6.2.5. An opcode of one byte makes at most
 * one row, so the table is at most some twenty times as large as the program.
 * @throws DwarfError
 */
export function runLineProgram(unit: Unit, offset: number): LineTable {
  const { sections } = unit.context;
  const reader = sections.reader("line", offset);
  const header = readLineHeader(unit, reader);
  // Running costs a few times as much as reading.
  sections.budget.spend(2 * (header.end - reader.position));
  const machine = new LineMachine(header, reader.slice(reader.position, header.end));
  machine.run();
  return new LineTable(unit, header, machine.rows.finish(), machine.sequences);
}

/** The state machine of DWARF 5, 6.2.2; its registers have the standard's names. */
class LineMachine {
  readonly rows = new RowsBuilder();
  readonly sequences: Sequence[] = [];
  readonly #header: LineHeader;
  readonly #reader: ByteReader;
  #address = 0;
  #opIndex = 0;
  #file = 1;
  #line = 1;
  #column = 0;
  #isStatement: boolean;
  #discriminator = 0;
  #sequenceStart = 0;

  constructor(header: LineHeader, reader: ByteReader) {
    this.#header = header;
    this.#reader = reader;
    this.#isStatement = header.defaultIsStatement;
  }

  run(): void {
    const reader = this.#reader;
    const { opcodeBase } = this.#header;
    while (!reader.atEnd) {
      const opcode = reader.u8();
      if (opcode >= opcodeBase) this.#special(opcode - opcodeBase);
      else if (opcode === 0) this.#extended();
      else this.#standard(opcode);
    }
  }

  /** 6.2.5.1. A range of 0 would divide by it: neither line nor address move then. */
  #special(adjusted: number): void {
    const { lineBase, lineRange } = this.#header;
    if (lineRange > 0) {
      this.#advance(Math.floor(adjusted / lineRange));
      this.#moveLine(lineBase + (adjusted % lineRange));
    }
    this.#emit(0);
  }

  /** 6.2.5.2 */
  #standard(opcode: number): void {
    const reader = this.#reader;
    const { lineRange, opcodeBase } = this.#header;
    switch (opcode) {
      case DW_LNS_copy:
        this.#emit(0);
        break;
      case DW_LNS_advance_pc:
        this.#advance(reader.uleb128());
        break;
      case DW_LNS_advance_line:
        this.#moveLine(reader.sleb128());
        break;
      case DW_LNS_set_file:
        this.#file = reader.uleb128();
        break;
      case DW_LNS_set_column:
        this.#column = reader.uleb128();
        break;
      case DW_LNS_negate_stmt:
        this.#isStatement = !this.#isStatement;
        break;
      case DW_LNS_const_add_pc:
        if (lineRange > 0) this.#advance(Math.floor((255 - opcodeBase) / lineRange));
        break;
      case DW_LNS_fixed_advance_pc:
        // Counts in bytes, whatever the instruction length.
        this.#address += reader.u16();
        this.#opIndex = 0;
        break;
      case DW_LNS_set_basic_block:
      case DW_LNS_set_prologue_end:
      case DW_LNS_set_epilogue_begin:
        break;
      case DW_LNS_set_isa:
        reader.skipLeb128();
        break;
      default:
        this.#skipOperands(opcode);
    }
  }

  #skipOperands(opcode: number): void {
    const count = this.#header.operandCounts[opcode - 1] ?? 0;
    for (let operand = 0; operand < count; operand++) this.#reader.skipLeb128();
  }

  /** 6.2.5.3 */
  #extended(): void {
    const reader = this.#reader;
    const length = reader.uleb128();
    const end = reader.position + length;
    if (length === 0) return;
    switch (reader.u8()) {
      case DW_LNE_end_sequence:
        this.#emit(ROW_ENDS_SEQUENCE);
        this.#endSequence();
        break;
      case DW_LNE_set_address: {
        if (length !== 5 && length !== 9) {
          throw corruptSection(".debug_line")(`an address has ${length - 1} bytes`);
        }
        this.#address = readAddress(reader, length === 5 ? 4 : 8);
        this.#opIndex = 0;
        break;
      }
      case DW_LNE_define_file:
        this.#header.files.push(readOldFile(reader, inlineString(reader)));
        break;
      case DW_LNE_set_discriminator:
        this.#discriminator = reader.uleb128();
        break;
    }
    // The length is what counts, also for opcodes that are not known here.
    reader.seek(end);
  }

  /** 6.2.5.1: several operations may share an instruction on other machines than x86. */
  #advance(operations: number): void {
    const { minimumInstructionLength, maximumOperations } = this.#header;
    if (maximumOperations <= 1) {
      this.#address += minimumInstructionLength * operations;
      return;
    }
    const index = this.#opIndex + operations;
    this.#address += minimumInstructionLength * Math.floor(index / maximumOperations);
    this.#opIndex = index % maximumOperations;
  }

  #moveLine(by: number): void {
    this.#line = (this.#line + by) >>> 0;
  }

  #emit(ends: number): void {
    const flags =
      ends |
      (this.#isStatement ? ROW_IS_STATEMENT : 0) |
      (this.#discriminator !== 0 ? ROW_HAS_DISCRIMINATOR : 0) |
      (this.#opIndex > 0 ? ROW_IS_LATER_OPERATION : 0);
    this.rows.push(this.#address, this.#line, this.#file, this.#column, flags);
    this.#discriminator = 0;
  }

  #endSequence(): void {
    const firstRow = this.#sequenceStart;
    const endRow = this.rows.count;
    const low = this.rows.addressOf(firstRow);
    const high = this.#address;
    if (low < high) this.sequences.push({ low, high, firstRow, endRow });
    this.#sequenceStart = endRow;
    this.#address = 0;
    this.#opIndex = 0;
    this.#file = 1;
    this.#line = 1;
    this.#column = 0;
    this.#isStatement = this.#header.defaultIsStatement;
  }
}

/** Columns that grow as rows are added. */
class RowsBuilder {
  count = 0;
  #rows: Omit<LineRows, "count"> = allocate(256);

  push(address: number, line: number, file: number, column: number, flags: number): void {
    const at = this.count++;
    if (at === this.#rows.addresses.length) this.#rows = copyRows(this.#rows, 2 * at, at);
    const { addresses, lines, files, columns, flags: flagBytes } = this.#rows;
    addresses[at] = address;
    lines[at] = line;
    files[at] = file;
    columns[at] = column;
    flagBytes[at] = flags;
  }

  addressOf(row: number): number {
    return this.#rows.addresses[row] ?? 0;
  }

  finish(): LineRows {
    return { count: this.count, ...copyRows(this.#rows, this.count, this.count) };
  }
}

/** Files and columns are kept in 16 bits, as LLVM does: no compiler counts higher. */
function allocate(size: number): Omit<LineRows, "count"> {
  return {
    addresses: new Float64Array(size),
    lines: new Uint32Array(size),
    files: new Uint16Array(size),
    columns: new Uint16Array(size),
    flags: new Uint8Array(size),
  };
}

function copyRows(
  rows: Omit<LineRows, "count">,
  size: number,
  count: number,
): Omit<LineRows, "count"> {
  const copy = allocate(size);
  copy.addresses.set(rows.addresses.subarray(0, count));
  copy.lines.set(rows.lines.subarray(0, count));
  copy.files.set(rows.files.subarray(0, count));
  copy.columns.set(rows.columns.subarray(0, count));
  copy.flags.set(rows.flags.subarray(0, count));
  return copy;
}
