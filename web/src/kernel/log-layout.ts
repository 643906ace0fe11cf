import type { KernelRecord } from "../../../emulator/console/kernel-log.js";
import { messageLines } from "./log-text.js";

/** The narrowest text column: a shorter one would make a tower of letters of each message. */
const FEWEST_COLUMNS = 16;

/** What is shown of each message; they are immutable, and most stay when others come. */
const shown = new WeakMap<KernelRecord, readonly string[]>();

function linesOf(record: KernelRecord): readonly string[] {
  let lines = shown.get(record);
  if (lines === undefined) {
    lines = messageLines(record);
    shown.set(record, lines);
  }
  return lines;
}

/**
 * Where each message of a log stands when all rows are equally high: messages that are wider
 * than the column, or have several lines, take several rows.
 */
export class LogLayout {
  readonly records: readonly KernelRecord[];
  readonly #columns: number;
  /** The first row of each message, and behind the last one the number of all rows. */
  readonly #firstRow: Uint32Array;

  /**
   * @param columns characters that fit beside each other
   * @param before of the same log a moment ago: what is known of its messages is taken over
   */
  constructor(records: readonly KernelRecord[], columns: number, before?: LogLayout) {
    this.records = records;
    this.#columns = Math.max(FEWEST_COLUMNS, Math.floor(columns));
    this.#firstRow = new Uint32Array(records.length + 1);
    const isAsWide = before !== undefined && before.#columns === this.#columns;
    let index = isAsWide ? this.#takeOver(before) : 0;
    let row = this.#firstRow[index] ?? 0;
    for (; index < records.length; index++) {
      this.#firstRow[index] = row;
      const record = records[index];
      if (record !== undefined) row += this.#rowsOf(record);
    }
    this.#firstRow[records.length] = row;
  }

  /** Copies the rows of the messages that both logs have. @returns how many these are */
  #takeOver(before: LogLayout): number {
    const [first] = this.records;
    if (first === undefined) return 0;
    const shift = before.indexOfSequence(first.sequence);
    const common = Math.min(before.records.length - shift, this.records.length);
    // Messages come at the end and go at the start: with equal ends all between is equal, too.
    const isSame =
      common > 0 &&
      before.records[shift] === first &&
      before.records[shift + common - 1] === this.records[common - 1];
    if (!isSame) return 0;
    const gone = before.firstRowOf(shift);
    for (let index = 0; index <= common; index++) {
      this.#firstRow[index] = before.firstRowOf(shift + index) - gone;
    }
    return common;
  }

  #rowsOf(record: KernelRecord): number {
    let rows = 0;
    for (const line of linesOf(record)) {
      rows += line.length <= this.#columns ? 1 : breakLine(line, this.#columns).length;
    }
    return rows;
  }

  get rows(): number {
    return this.#firstRow[this.records.length] ?? 0;
  }

  firstRowOf(index: number): number {
    return this.#firstRow[Math.min(index, this.records.length)] ?? 0;
  }

  /** The message that a row belongs to; the last one for rows behind the end. */
  indexAt(row: number): number {
    let low = 0;
    let high = this.records.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.firstRowOf(middle) <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The index of the first message with at least this number of the kernel's. */
  indexOfSequence(sequence: number): number {
    let low = 0;
    let high = this.records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.records[middle]?.sequence ?? 0) < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The rows of a message. */
  piecesOf(index: number): string[] {
    const record = this.records[index];
    return record === undefined
      ? []
      : linesOf(record).flatMap((line) => breakLine(line, this.#columns));
  }
}

/** Breaks a line at a blank, or where it has none for long. */
function breakLine(line: string, columns: number): string[] {
  const pieces: string[] = [];
  let at = 0;
  while (line.length - at > columns) {
    const blank = line.lastIndexOf(" ", at + columns);
    const end = blank > at + columns / 2 ? blank : at + columns;
    pieces.push(line.slice(at, end));
    at = line[end] === " " ? end + 1 : end;
  }
  pieces.push(line.slice(at));
  return pieces;
}
