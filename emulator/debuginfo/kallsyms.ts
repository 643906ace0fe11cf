/**
 * Reads a kernel's symbol list: lines of `ADDRESS TYPE NAME`, as in `System.map` and
 * `/proc/kallsyms` (Linux Documentation/admin-guide/bug-hunting.rst, nm(1) for the types).
 */

/** A place in the kernel, by the symbol that it lies behind. */
export interface SymbolPlace {
  readonly name: string;
  /** Bytes from the symbol's address. */
  readonly offset: number;
}

interface TextSymbol {
  readonly address: number;
  readonly name: string;
}

/** `T` global, `t` local, `W` and `w` weak: symbols of code. The others are data. */
const TEXT_SYMBOL = /^([0-9a-f]+) [TtWw] (\S+)/;

/** Where a part of the code begins, in include/asm-generic/vmlinux.lds.h: no function. */
const SECTION_MARK = /^__\w+_text_(?:start|end)$/;

/** The kernel's functions, ordered by address. Addresses are exact up to 2^53. */
export class KernelSymbols {
  readonly #text: readonly TextSymbol[];

  /** @param map the list's text; lines of another form are passed over. */
  constructor(map: string) {
    this.#text = map
      .split("\n")
      .flatMap((line) => {
        const [, address, name] = TEXT_SYMBOL.exec(line) ?? [];
        return address === undefined || name === undefined
          ? []
          : [{ address: Number.parseInt(address, 16), name }];
      })
      .sort((a, b) => a.address - b.address);
  }

  /**
   * The function that an address lies in.
   * @returns undefined in front of the first and behind the last symbol of code, where a
   *   loaded module's code is, for example.
   */
  find(address: number): SymbolPlace | undefined {
    const last = this.#text.at(-1);
    if (last === undefined || address > last.address) return undefined;
    let low = 0;
    let high = this.#text.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#text[middle]?.address ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    // Aliases share an address; the first of them is the one that the linker saw first.
    const found = this.#text[low - 1];
    if (found === undefined) return undefined;
    const aliases = this.#text.filter((symbol) => symbol.address === found.address);
    const best = aliases.find(({ name }) => !SECTION_MARK.test(name)) ?? aliases[0] ?? found;
    return { name: best.name, offset: address - found.address };
  }
}

/** `name+0xoffset`, as the kernel writes it in a trace. */
export function formatPlace({ name, offset }: SymbolPlace): string {
  return `${name}+0x${offset.toString(16)}`;
}
