/** Collects little-endian values in a buffer that grows. */
export class ByteWriter {
  #bytes = new Uint8Array(0x1_0000);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was written so far, a view that later writes may leave behind. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  u8(value: number): void {
    const at = this.#grow(1);
    this.#view.setUint8(at, value);
  }

  u16(value: number): void {
    const at = this.#grow(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    const at = this.#grow(4);
    this.#view.setUint32(at, value, true);
  }

  u64(value: bigint): void {
    const at = this.#grow(8);
    this.#view.setBigUint64(at, value, true);
  }

  /** @param value a whole number from 0 to 2^53. */
  uleb128(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.u8((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.u8(rest);
  }

  /** @param value a whole number from -2^53 to 2^53. */
  sleb128(value: number): void {
    let rest = value;
    while (rest < -0x40 || rest >= 0x40) {
      const low = ((rest % 0x80) + 0x80) % 0x80;
      this.u8(low | 0x80);
      rest = (rest - low) / 0x80;
    }
    this.u8(rest & 0x7f);
  }

  append(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Zeros up to the next multiple of `alignment`, counted from the start. */
  align(alignment: number): void {
    this.#grow((alignment - (this.#length % alignment)) % alignment);
  }

  /** Overwrites a value that was not known when its place was written. */
  setU32(position: number, value: number): void {
    this.#view.setUint32(position, value, true);
  }

  /**
   * May replace the buffer and its view, so that it must be called before they are used.
   * @returns where the new room begins; it holds zeros.
   */
  #grow(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return start;
  }
}
