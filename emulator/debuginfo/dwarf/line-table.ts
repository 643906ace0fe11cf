import type { LineHeader } from "./line-header.js";
import type { Unit } from "./unit.js";

export const ROW_IS_STATEMENT = 1;
export const ROW_ENDS_SEQUENCE = 2;
/** Its discriminator, DWARF 5, 6.2.2, is not 0. */
export const ROW_HAS_DISCRIMINATOR = 4;
/** The row stands for a later operation of an instruction bundle. Does not occur on x86. */
export const ROW_IS_LATER_OPERATION = 8;

/** The rows of a line table, in the program's order. */
export interface LineRows {
  readonly count: number;
  readonly addresses: Float64Array;
  readonly lines: Uint32Array;
  readonly files: Uint16Array;
  readonly columns: Uint16Array;
  /** ROW_* */
  readonly flags: Uint8Array;
}

/** Rows of one contiguous stretch of code: DWARF 5, 6.2.5. */
export interface Sequence {
  readonly low: number;
  /** Exclusive. */
  readonly high: number;
  readonly firstRow: number;
  /** Past the row that ends it. */
  readonly endRow: number;
}

/** The addresses, lines and files of a unit: DWARF 5, 6.2. */
export class LineTable {
  readonly rows: LineRows;
  /** Ordered by their ends, as LLVM looks them up. */
  readonly sequences: readonly Sequence[];
  readonly header: LineHeader;
  readonly #compilationFolder: string;
  readonly #paths = new Map<number, string | undefined>();

  constructor(unit: Unit, header: LineHeader, rows: LineRows, sequences: readonly Sequence[]) {
    this.header = header;
    this.rows = rows;
    this.sequences = [...sequences].sort((a, b) => a.high - b.high);
    this.#compilationFolder = unit.compilationFolder ?? "";
  }

  /** About what it takes in memory. */
  get bytes(): number {
    const { files } = this.header;
    // Twice: once as written, once joined.
    const names = files.reduce((sum, { name }) => sum + 64 + 2 * name.length, 0);
    return 17 * this.rows.count + 40 * this.sequences.length + names;
  }

  /** The row that an address belongs to; undefined outside of all sequences. */
  rowAt(address: number): number | undefined {
    const sequence = this.sequences[this.sequenceIndex(address)];
    if (sequence === undefined || address < sequence.low) return undefined;
    return this.rowInSequence(sequence, address);
  }

  /** The first sequence that ends behind an address. */
  sequenceIndex(address: number): number {
    let low = 0;
    let high = this.sequences.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.sequences[middle]?.high ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Of several rows at one address the last is taken: the earlier ones have no code. */
  rowInSequence({ firstRow, endRow }: Sequence, address: number): number {
    const { addresses } = this.rows;
    let low = firstRow + 1;
    let high = endRow - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((addresses[middle] ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /**
   * The rows that addresses belong to: stretches, ordered, with gaps where no row is.
   * @param end exclusive.
   */
  *pieces(start: number, end: number): Generator<[from: number, to: number, row: number]> {
    const { addresses } = this.rows;
    let from = start;
    for (let at = this.sequenceIndex(start); from < end; at++) {
      const sequence = this.sequences[at];
      if (sequence === undefined || sequence.low >= end) return;
      from = Math.max(from, sequence.low);
      const sequenceEnd = Math.min(end, sequence.high);
      let row = from < sequenceEnd ? this.rowInSequence(sequence, from) : sequence.endRow;
      while (from < sequenceEnd) {
        // The last row of the sequence only says where it ends.
        const isLast = row + 2 >= sequence.endRow;
        const to = isLast ? sequenceEnd : Math.min(addresses[row + 1] ?? 0, sequenceEnd);
        if (to > from) yield [from, to, row];
        from = Math.max(from, to);
        row++;
      }
    }
  }

  /** A file's path, joined with its folder and the compilation's; undefined for no such file. */
  path(file: number): string | undefined {
    if (!this.#paths.has(file)) this.#paths.set(file, this.#join(file));
    return this.#paths.get(file);
  }

  #join(file: number): string | undefined {
    const { version, files, folders } = this.header;
    const entry = files[file];
    if (entry === undefined || (version < 5 && file === 0)) return undefined;
    if (isAbsolute(entry.name)) return entry.name;
    const folder = folders[entry.folder] ?? "";
    // In DWARF 5 folder 0 is the compilation's own.
    const needsBase = (version < 5 || entry.folder !== 0) && !isAbsolute(folder);
    return join(join(needsBase ? this.#compilationFolder : "", folder), entry.name);
  }
}

/** As LLVM does: paths of either Unix or Windows. */
export function isAbsolute(path: string): boolean {
  return /^(\/|[A-Za-z]:[\\/]|\\\\)/.test(path);
}

/** Nothing is resolved: `.` and `..` stay. */
export function join(folder: string, name: string): string {
  if (folder === "") return name;
  if (name === "") return folder;
  if (folder.endsWith("/")) return folder + name.replace(/^\/+/, "");
  return name.startsWith("/") ? folder + name : `${folder}/${name}`;
}
