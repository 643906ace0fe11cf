import { ByteWriter } from "../../../debuginfo/gsym/byte-writer.js";

/** A string table: each string once, ended by a NUL, the empty one at 0. */
export class StringPool {
  readonly #writer = new ByteWriter();
  readonly #offsets = new Map<string, number>();

  constructor() {
    this.offsetOf("");
  }

  get bytes(): Uint8Array {
    return this.#writer.bytes;
  }

  offsetOf(text: string): number {
    const known = this.#offsets.get(text);
    if (known !== undefined) return known;
    const offset = this.#writer.length;
    this.#writer.append(new TextEncoder().encode(text));
    this.#writer.u8(0);
    this.#offsets.set(text, offset);
    return offset;
  }
}
