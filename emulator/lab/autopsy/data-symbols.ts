/** Variables of the kernel itself, by address. */

/** `ADDRESS TYPE NAME`; nm(1): data, uninitialised, read-only. Of modules there is a fourth column. */
const DATA_SYMBOL = /^([0-9a-f]+) [bBdDrR] (\S+)$/;
/** Where a part of the data begins, in include/asm-generic/vmlinux.lds.h: no variable. */
const SECTION_MARK = /^(?:__start_|__stop_|__s?(?:init|bss|data)|_s?data$|_e?data$)/;

export interface DataPlace {
  readonly name: string;
  /** Bytes from the variable's start. */
  readonly offset: number;
}

/** The kernel's variables out of its symbol list. */
export class DataSymbols {
  readonly #symbols: readonly { readonly address: bigint; readonly name: string }[];

  /** @param map lines as in `/proc/kallsyms`; those of another form are passed over. */
  constructor(map: string) {
    this.#symbols = map
      .split("\n")
      .flatMap((line) => {
        const [, address, name] = DATA_SYMBOL.exec(line) ?? [];
        if (address === undefined || name === undefined || SECTION_MARK.test(name)) return [];
        return [{ address: BigInt(`0x${address}`), name }];
      })
      .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  }

  /** The last variable that begins at or in front of an address; the list has no sizes. */
  find(address: bigint): DataPlace | undefined {
    let low = 0;
    let high = this.#symbols.length;
    // Behind the last one the kernel may have anything.
    if ((this.#symbols.at(-1)?.address ?? 0n) < address) return undefined;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#symbols[middle]?.address ?? address) <= address) low = middle + 1;
      else high = middle;
    }
    const found = this.#symbols[low - 1];
    return found && { name: found.name, offset: Number(address - found.address) };
  }
}
