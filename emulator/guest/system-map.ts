import type { GuestPlace, SymbolTable } from "./symbol-table.js";

/** `ADDRESS TYPE NAME`; the types are nm(1)'s. */
const LINE = /^([0-9a-f]+) (\w) (\S+)$/;
/** Code: global, local, and weak. */
const CODE = /^[TtWw]$/;
/** Where a part of the code begins, in include/asm-generic/vmlinux.lds.h: no function. */
const SECTION_MARK = /^(?:__\w+_text_(?:start|end)|_s?text|_stext|_etext|_sinittext|_einittext)$/;

interface CodeSymbol {
  readonly address: bigint;
  readonly name: string;
}

/** A kernel's symbols out of its `System.map` or `/proc/kallsyms`, code and data. */
export class SystemMap implements SymbolTable {
  readonly #addresses = new Map<string, bigint>();
  /** Ordered by address; of those that share one, the first that is a function. */
  readonly #code: readonly CodeSymbol[];

  /** @param text lines of another form are passed over, and so are those of modules. */
  constructor(text: string) {
    const code = new Map<bigint, string>();
    for (const line of text.split("\n")) {
      const [, digits, type, name] = LINE.exec(line) ?? [];
      if (digits === undefined || type === undefined || name === undefined) continue;
      const address = BigInt(`0x${digits}`);
      // The kernel has several static functions of one name; the first is as good as any.
      if (!this.#addresses.has(name)) this.#addresses.set(name, address);
      if (!CODE.test(type)) continue;
      const known = code.get(address);
      if (known === undefined || SECTION_MARK.test(known)) code.set(address, name);
    }
    this.#code = [...code]
      .map(([address, name]) => ({ address, name }))
      .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  }

  addressOf(name: string): bigint | undefined {
    return this.#addresses.get(name);
  }

  /**
   * @returns undefined in front of the first and behind the last symbol of code, where a loaded
   *   module's code is, for example.
   */
  find(address: bigint): GuestPlace | undefined {
    const last = this.#code.at(-1);
    if (last === undefined || address > last.address) return undefined;
    let low = 0;
    let high = this.#code.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#code[middle]?.address ?? address) <= address) low = middle + 1;
      else high = middle;
    }
    const found = this.#code[low - 1];
    if (found === undefined) return undefined;
    return { name: found.name, offset: Number(address - found.address) };
  }
}
