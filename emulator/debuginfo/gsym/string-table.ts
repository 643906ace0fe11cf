import { ByteWriter } from "./byte-writer.js";

/**
 * Collects strings, each once, in the order in which they are first asked for: names that are
 * used together stand together, so that the upper bytes of their offsets repeat.
 */
export class StringTable {
  readonly #encoder = new TextEncoder();
  readonly #writer = new ByteWriter();
  /** Offset 0 is the empty string, and stands for no name. */
  readonly #offsets = new Map([["", 0]]);

  constructor() {
    this.#writer.u8(0);
  }

  get bytes(): Uint8Array {
    return this.#writer.bytes;
  }

  offsetOf(text: string): number {
    const known = this.#offsets.get(text);
    if (known !== undefined) return known;
    const offset = this.#writer.length;
    this.#writer.append(this.#encoder.encode(text));
    this.#writer.u8(0);
    this.#offsets.set(text, offset);
    return offset;
  }
}
