import { lastNotAbove } from "../sorted.js";

/** Entries in a chunk before it is split; small enough that inserting moves little. */
const LARGEST_CHUNK = 256;

interface Chunk {
  readonly starts: number[];
  readonly ends: number[];
  readonly values: number[];
}

/**
 * Which subroutine an address belongs to, built by adding the ranges of the outer ones before
 * those of the inner ones. A range that begins within another one splits that.
 *
 * This is what LLVM's DWARFUnit does with its map of addresses, also where debug
 * information is at odds with itself: a range that reaches past the one that it begins in
 * leaves those behind it as they are.
 */
export class RangeMapBuilder {
  /** Never empty; ordered by start within and among the chunks. */
  readonly #chunks: Chunk[] = [{ starts: [], ends: [], values: [] }];

  /** @param end exclusive. */
  add(start: number, end: number, value: number): void {
    if (start === end) return;
    const [chunk, at] = this.#before(start);
    const previousStart = chunk.starts[at];
    const previousEnd = chunk.ends[at];
    const previousValue = chunk.values[at];
    if (previousStart !== undefined && previousEnd !== undefined && previousValue !== undefined) {
      if (start < previousEnd) {
        if (start > previousStart) chunk.ends[at] = start;
        if (end < previousEnd) this.#set(end, previousEnd, previousValue);
      }
    }
    this.#set(start, end, value);
  }

  build(): RangeMap {
    return new RangeMap(
      this.#chunks.flatMap(({ starts }) => starts),
      this.#chunks.flatMap(({ ends }) => ends),
      this.#chunks.flatMap(({ values }) => values),
    );
  }

  #set(start: number, end: number, value: number): void {
    const [chunk, at, index] = this.#before(start);
    if (chunk.starts[at] === start) {
      chunk.ends[at] = end;
      chunk.values[at] = value;
      return;
    }
    chunk.starts.splice(at + 1, 0, start);
    chunk.ends.splice(at + 1, 0, end);
    chunk.values.splice(at + 1, 0, value);
    if (chunk.starts.length <= LARGEST_CHUNK) return;
    const half = LARGEST_CHUNK / 2;
    this.#chunks.splice(index + 1, 0, {
      starts: chunk.starts.splice(half),
      ends: chunk.ends.splice(half),
      values: chunk.values.splice(half),
    });
  }

  /** The last entry that begins at an address or before it: its chunk, and -1 for none. */
  #before(address: number): [chunk: Chunk, at: number, index: number] {
    let low = 0;
    let high = this.#chunks.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#chunks[middle]?.starts[0] ?? 0) <= address) low = middle;
      else high = middle;
    }
    const chunk = this.#chunks[low];
    if (chunk === undefined) throw new Error("There is always a chunk.");
    return [chunk, lastNotAbove(chunk.starts, address), low];
  }
}

/** Ranges that do not overlap, ordered by start. */
export class RangeMap {
  readonly starts: Float64Array;
  /** Exclusive. */
  readonly ends: Float64Array;
  readonly values: Int32Array;

  constructor(starts: readonly number[], ends: readonly number[], values: readonly number[]) {
    this.starts = Float64Array.from(starts);
    this.ends = Float64Array.from(ends);
    this.values = Int32Array.from(values);
  }

  /** The value of the range that holds an address; undefined outside of all. */
  find(address: number): number | undefined {
    const at = lastNotAbove(this.starts, address);
    return at >= 0 && address < (this.ends[at] ?? 0) ? this.values[at] : undefined;
  }

  /** The last range that begins at an address or before it; -1 for none. */
  indexBefore(address: number): number {
    return lastNotAbove(this.starts, address);
  }
}
