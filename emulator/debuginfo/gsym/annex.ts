import { ByteReader } from "../byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { corruptGsym } from "./gsym-error.js";

/**
 * What GSYM has no room for: columns, which rows belong to no line, and further names of a
 * function. It stands behind everything that LLVM's tools read. FORMAT.md describes it.
 */

/** `KANX`, as a little-endian number. */
const MAGIC = 0x584e414b;
const VERSION = 1;
const TRAILER_SIZE = 8;
/** So many runs are passed over at most to find one; each has about 40 bytes. */
const FUNCTIONS_PER_BLOCK = 32;

/** Values in a run: the end, a row of no line, and from here on a column. */
const END = 0;
const NO_LINE = 1;
const FIRST_COLUMN = 2;

/** Undefined for a row that belongs to no line. */
export type RowColumn = number | undefined;

export interface FunctionColumns {
  /** One for each row of the line table. */
  readonly rows: readonly RowColumn[];
  /** One for each inlined call: each call in front of those inside it. */
  readonly calls: readonly number[];
}

/** A further name of a function. */
export interface GsymAlias {
  /** Offset in the string table. */
  readonly name: number;
  /** Index of the function in the address table. */
  readonly function: number;
}

/** Writes the annex, which ends the file. */
export function writeAnnex(
  writer: ByteWriter,
  functions: readonly FunctionColumns[],
  aliases: readonly GsymAlias[],
): void {
  writer.align(4);
  const start = writer.length;
  writer.u32(VERSION);
  writer.u32(FUNCTIONS_PER_BLOCK);
  writer.u32(aliases.length);
  for (const alias of aliases) {
    writer.u32(alias.name);
    writer.u32(alias.function);
  }
  const table = writer.length;
  for (let index = 0; index < functions.length; index += FUNCTIONS_PER_BLOCK) writer.u32(0);
  const runs = writer.length;
  functions.forEach(({ rows, calls }, index) => {
    if (index % FUNCTIONS_PER_BLOCK === 0) {
      writer.setU32(table + (index / FUNCTIONS_PER_BLOCK) * 4, writer.length - runs);
    }
    for (const column of rows) {
      writer.uleb128(column === undefined ? NO_LINE : FIRST_COLUMN + column);
    }
    for (const column of calls) writer.uleb128(FIRST_COLUMN + column);
    writer.u8(END);
  });
  writer.u32(start);
  writer.u32(MAGIC);
}

export class AnnexReader {
  readonly aliases: readonly GsymAlias[];
  readonly #table: ByteReader;
  readonly #tableStart: number;
  readonly #runs: ByteReader;
  readonly #perBlock: number;

  private constructor(reader: ByteReader, functionCount: number) {
    const version = reader.u32();
    if (version !== VERSION) throw corruptGsym(`its annex has the unknown version ${version}`);
    this.#perBlock = reader.u32();
    if (this.#perBlock === 0) throw corruptGsym("its columns stand in blocks of no functions");
    const aliases: GsymAlias[] = [];
    for (let left = reader.u32(); left > 0; left--) {
      aliases.push({ name: reader.u32(), function: reader.u32() });
    }
    if (aliases.some((alias) => alias.function >= functionCount)) {
      throw corruptGsym("a further name belongs to no function");
    }
    this.aliases = aliases;
    this.#table = reader;
    this.#tableStart = reader.position;
    const tableSize = Math.ceil(functionCount / this.#perBlock) * 4;
    this.#runs = reader.slice(reader.position + tableSize, reader.end);
  }

  /**
   * @param functionCount of the whole file.
   * @returns undefined for a file without an annex, such as LLVM's own tools write.
   * @throws GsymError
   */
  static open(bytes: Uint8Array, functionCount: number): AnnexReader | undefined {
    if (bytes.length < TRAILER_SIZE) return undefined;
    const end = bytes.length - TRAILER_SIZE;
    const trailer = new ByteReader(bytes, corruptGsym, end);
    const start = trailer.u32();
    if (trailer.u32() !== MAGIC) return undefined;
    return new AnnexReader(new ByteReader(bytes, corruptGsym, start, end), functionCount);
  }

  /**
   * Columns of a function's rows and calls.
   * @param index of the function in the address table.
   * @returns columns in the order in which {@link FunctionColumns} has them; where the run is
   *   too short they are 0.
   */
  columnsOf(index: number, rowCount: number, callCount: number): FunctionColumns {
    const run = this.#seek(index);
    let ended = false;
    const next = (): number => {
      const value = ended ? END : run.uleb128();
      if (value === END) ended = true;
      return value;
    };
    const column = (value: number): number => Math.max(0, value - FIRST_COLUMN);
    const rows = Array.from({ length: rowCount }, () => {
      const value = next();
      return value === NO_LINE ? undefined : column(value);
    });
    const calls = Array.from({ length: callCount }, () => column(next()));
    return { rows, calls };
  }

  #seek(index: number): ByteReader {
    this.#table.seek(this.#tableStart + Math.floor(index / this.#perBlock) * 4);
    const run = this.#runs.slice(this.#runs.position, this.#runs.end);
    run.skip(this.#table.u32());
    // In LEB128 a byte of 0 only occurs as the number 0.
    for (let before = index % this.#perBlock; before > 0; before--) run.skipString();
    return run;
  }
}
