import type { ByteReader } from "../byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { corruptGsym } from "./gsym-error.js";

/** Up to the next row, the code belongs to this line of this file. */
export interface GsymRow {
  /** Bytes from the function's start. */
  readonly offset: number;
  /** Index into the file table; 0 for no file. */
  readonly file: number;
  readonly line: number;
}

const END_SEQUENCE = 0;
const SET_FILE = 1;
const ADVANCE_PC = 2;
const ADVANCE_LINE = 3;
const FIRST_SPECIAL = 4;

/** Of one function. Our kernel has 2216 at most; damage must not take up the memory. */
const MOST_ROWS = 0x1_0000;

/**
 * Which steps of the line a one-byte operation can make. A table may choose them; the same
 * choice for all tables gives gzip more that repeats. Of the ranges tried on a kernel's
 * 590,000 rows this one came out smallest.
 */
const SMALLEST_STEP = -2;
const LARGEST_STEP = 7;
const STEPS = LARGEST_STEP - SMALLEST_STEP + 1;

/**
 * Writes a line table: LLVM, llvm/include/llvm/DebugInfo/GSYM/LineTable.h.
 * @param rows ordered by offset.
 */
export function writeLineTable(writer: ByteWriter, rows: readonly GsymRow[]): void {
  writer.sleb128(SMALLEST_STEP);
  writer.sleb128(LARGEST_STEP);
  let previous: GsymRow = { offset: 0, file: 1, line: rows[0]?.line ?? 0 };
  writer.uleb128(previous.line);
  for (const row of rows) {
    const advance = row.offset - previous.offset;
    const step = row.line - previous.line;
    let operation = specialOperation(advance, step);
    if (operation === undefined && step !== 0) {
      writer.u8(ADVANCE_LINE);
      writer.sleb128(step);
      operation = specialOperation(advance, 0);
    }
    // Behind the step it repeats together with what follows, and gzip saves a little more.
    if (row.file !== previous.file) {
      writer.u8(SET_FILE);
      writer.uleb128(row.file);
    }
    if (operation !== undefined) {
      writer.u8(operation);
    } else {
      writer.u8(ADVANCE_PC);
      writer.uleb128(advance);
    }
    previous = row;
  }
  writer.u8(END_SEQUENCE);
}

/** The operation that moves both and ends a row; undefined where one byte cannot hold it. */
function specialOperation(advance: number, step: number): number | undefined {
  if (step < SMALLEST_STEP || step > LARGEST_STEP) return undefined;
  const operation = FIRST_SPECIAL + (step - SMALLEST_STEP) + advance * STEPS;
  return operation <= 0xff ? operation : undefined;
}

/** @param reader over the table alone; what follows its end is left. */
export function readLineTable(reader: ByteReader): GsymRow[] {
  const smallestStep = reader.sleb128();
  // A range of no or fewer steps can only come from damage; it must not divide by zero.
  const steps = Math.max(1, reader.sleb128() - smallestStep + 1);
  let offset = 0;
  let file = 1;
  let line = reader.uleb128();
  const rows: GsymRow[] = [];
  while (rows.length <= MOST_ROWS) {
    const operation = reader.u8();
    switch (operation) {
      case END_SEQUENCE:
        return rows;
      case SET_FILE:
        file = reader.uleb128();
        break;
      case ADVANCE_PC:
        offset += reader.uleb128();
        rows.push({ offset, file, line });
        break;
      case ADVANCE_LINE:
        line += reader.sleb128();
        break;
      default: {
        const adjusted = operation - FIRST_SPECIAL;
        line += smallestStep + (adjusted % steps);
        offset += Math.floor(adjusted / steps);
        rows.push({ offset, file, line });
      }
    }
  }
  throw corruptGsym(`a function has more than ${MOST_ROWS} rows`);
}
