/** Bytes of a chunk. Appending a chunk copies nothing that is already there. */
const CHUNK_SIZE = 64 * 1024;

/**
 * The smallest piece of memory that a chunk takes. Also keeps the host's own cost per chunk
 * in proportion to what is counted when a guest writes one byte here and one byte there.
 */
const SMALLEST_CHUNK = 512;

/**
 * The content of a regular file: a sequence of bytes that grows at the end, takes writes
 * anywhere, and spends no memory on holes. A chunk that is not there, and what lies behind
 * the end of a short one, reads as zeros.
 */
export class SparseBytes {
  readonly #chunks = new Map<number, Uint8Array>();
  #size = 0;
  #allocated = 0;

  /** Length in bytes. */
  get size(): number {
    return this.#size;
  }

  /** Memory taken, in bytes: a multiple of 512. */
  get allocated(): number {
    return this.#allocated;
  }

  /** Fills `target` from `offset` on. @returns how many bytes lie before the end of the file. */
  read(offset: number, target: Uint8Array): number {
    const total = Math.max(0, Math.min(target.length, this.#size - offset));
    for (let done = 0; done < total; ) {
      const { index, start, length } = span(offset + done, total - done);
      const chunk = this.#chunks.get(index);
      const present = chunk?.subarray(start, start + length) ?? new Uint8Array(0);
      target.set(present, done);
      target.fill(0, done + present.length, done + length);
      done += length;
    }
    return total;
  }

  /** How much {@link allocated} grows when `length` bytes are written at `offset`. */
  growth(offset: number, length: number): number {
    let bytes = 0;
    for (let done = 0; done < length; ) {
      const part = span(offset + done, length - done);
      const present = this.#chunks.get(part.index)?.length ?? 0;
      bytes += Math.max(0, chunkLength(part.start + part.length) - present);
      done += part.length;
    }
    return bytes;
  }

  /** Writes `source` at `offset`; what lies between the old end and `offset` becomes a hole. */
  write(offset: number, source: Uint8Array): void {
    for (let done = 0; done < source.length; ) {
      const { index, start, length } = span(offset + done, source.length - done);
      this.#reserve(index, start + length).set(source.subarray(done, done + length), start);
      done += length;
    }
    if (source.length > 0) this.#size = Math.max(this.#size, offset + source.length);
  }

  /** Cuts the file, or extends it with a hole. */
  resize(size: number): void {
    if (size < this.#size) {
      const last = Math.floor(size / CHUNK_SIZE);
      for (const index of this.#chunks.keys()) if (index > last) this.#replace(index, undefined);
      this.#cut(last, size % CHUNK_SIZE);
    }
    this.#size = size;
  }

  /** Zeroes a chunk from `keep` on, so that a later extension shows zeros, not old bytes. */
  #cut(index: number, keep: number): void {
    const chunk = this.#chunks.get(index);
    if (chunk === undefined || chunk.length <= keep) return;
    if (keep === 0) {
      this.#replace(index, undefined);
      return;
    }
    const shorter = chunkLength(keep);
    const kept = shorter < chunk.length ? chunk.slice(0, shorter) : chunk;
    kept.fill(0, keep);
    this.#replace(index, kept);
  }

  #reserve(index: number, length: number): Uint8Array {
    const chunk = this.#chunks.get(index);
    if (chunk !== undefined && chunk.length >= length) return chunk;
    const longer = new Uint8Array(chunkLength(length));
    if (chunk !== undefined) longer.set(chunk);
    this.#replace(index, longer);
    return longer;
  }

  #replace(index: number, chunk: Uint8Array | undefined): void {
    this.#allocated += (chunk?.length ?? 0) - (this.#chunks.get(index)?.length ?? 0);
    if (chunk === undefined) this.#chunks.delete(index);
    else this.#chunks.set(index, chunk);
  }
}

/** The part of a run of bytes that lies in the chunk it begins in. */
function span(offset: number, length: number): { index: number; start: number; length: number } {
  const index = Math.floor(offset / CHUNK_SIZE);
  const start = offset - index * CHUNK_SIZE;
  return { index, start, length: Math.min(length, CHUNK_SIZE - start) };
}

/** Doubling makes byte-wise appending linear: a chunk is copied at most seven times. */
function chunkLength(needed: number): number {
  let length = SMALLEST_CHUNK;
  while (length < needed) length *= 2;
  return length;
}
