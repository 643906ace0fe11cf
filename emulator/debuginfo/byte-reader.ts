/**
 * Reads little-endian values from untrusted bytes. Every read checks that it stays inside.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  /** The next byte to read. */
  position: number;
  /** Past the last byte that may be read. */
  readonly end: number;
  readonly #view: DataView;
  readonly #fail: (message: string) => Error;

  /**
   * @param fail makes the error that a read throws, from what went wrong.
   * @param end past the last byte that may be read; the end of the bytes by default.
   * @param view of the bytes, where there is one already: making one costs more than a read.
   */
  constructor(
    bytes: Uint8Array,
    fail: (message: string) => Error,
    position = 0,
    end = bytes.length,
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  ) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
    this.#view = view;
    this.#fail = fail;
    if (!(position >= 0 && position <= end && end <= bytes.length)) this.#cutOff(position);
  }

  /** A reader of a part of the same bytes, positions counted alike. */
  slice(position: number, end: number): ByteReader {
    return new ByteReader(this.bytes, this.#fail, position, end, this.#view);
  }

  get atEnd(): boolean {
    return this.position >= this.end;
  }

  /** Moves on without reading. */
  skip(length: number): void {
    this.#take(length);
  }

  seek(position: number): void {
    if (!(position >= 0 && position <= this.end)) this.#cutOff(position);
    this.position = position;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  i8(): number {
    return this.#view.getInt8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u24(): number {
    const at = this.#take(3);
    return this.#view.getUint16(at, true) | (this.#view.getUint8(at + 2) << 16);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** Exact up to 2^53; above that it is rounded, which no offset or size in a file reaches. */
  u64(): number {
    const at = this.#take(8);
    return this.#view.getUint32(at + 4, true) * 0x1_0000_0000 + this.#view.getUint32(at, true);
  }

  /** As {@link u64}, with a sign: so the addresses of a 64-bit kernel are exact, too. */
  i64(): number {
    const at = this.#take(8);
    return this.#view.getInt32(at + 4, true) * 0x1_0000_0000 + this.#view.getUint32(at, true);
  }

  /** DWARF 5, 7.6. Exact up to 2^53, rounded above. */
  uleb128(): number {
    const first = this.u8();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    let scale = 0x80;
    for (let length = 1; length < LONGEST_LEB128; length++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
    throw this.#fail(`a LEB128 number at ${this.position} does not end`);
  }

  /** DWARF 5, 7.6. Exact up to 2^53, rounded above. */
  sleb128(): number {
    let value = 0;
    let scale = 1;
    for (let length = 0; length < LONGEST_LEB128; length++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
      if (byte < 0x80) return (byte & 0x40) === 0 ? value : value - scale;
    }
    throw this.#fail(`a LEB128 number at ${this.position} does not end`);
  }

  skipLeb128(): void {
    for (let length = 0; length < LONGEST_LEB128; length++) {
      if (this.u8() < 0x80) return;
    }
    throw this.#fail(`a LEB128 number at ${this.position} does not end`);
  }

  /** Moves behind the NUL that ends a string. */
  skipString(): void {
    const nul = this.bytes.indexOf(0, this.position);
    if (nul < 0 || nul >= this.end) throw this.#fail(`a string at ${this.position} does not end`);
    this.position = nul + 1;
  }

  #take(length: number): number {
    const at = this.position;
    const next = at + length;
    // Written so that it also holds for NaN.
    if (!(next >= at && next <= this.end)) this.#cutOff(next);
    this.position = next;
    return at;
  }

  #cutOff(position: number): never {
    throw this.#fail(`it points to byte ${position}, behind its end at ${this.end}`);
  }
}

/** 64 bits take 10 bytes; an assembler may pad with a few more. */
const LONGEST_LEB128 = 16;

/**
 * Longest name that is read, in bytes: Linux's PATH_MAX, eight times its longest symbol. So a
 * table of symbols that all share one endless name does not take its square in memory.
 */
const LONGEST_NAME = 4096;

const decoder = new TextDecoder();

/**
 * The string at an offset of a string table.
 * @returns undefined where the offset lies outside of it, or no NUL follows soon.
 */
export function stringAt(
  table: Uint8Array,
  offset: number,
  longest = LONGEST_NAME,
): string | undefined {
  if (!(offset >= 0 && offset < table.length)) return undefined;
  const window = table.subarray(offset, offset + longest);
  const nul = window.indexOf(0);
  return nul < 0 ? undefined : decoder.decode(window.subarray(0, nul));
}
