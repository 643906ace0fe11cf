import type { GuestPlace, SymbolTable } from "./symbol-table.js";

interface NamedAddress {
  readonly address: bigint;
  readonly name: string;
}

/** Marks of include/asm-generic/vmlinux.lds.h that nothing of the kernel's own lies behind. */
const ENDS: ReadonlySet<string> = new Set(["_etext", "_einittext", "_edata", "_end"]);

/** A kernel's symbols out of its `System.map` or `/proc/kallsyms`, code and data. */
export class SystemMap implements SymbolTable {
  readonly #addresses = new Map<string, bigint>();
  /** Ordered by address, of those that share one that which the kernel prints. */
  readonly #places: readonly NamedAddress[];

  /** @param text lines of `ADDRESS TYPE NAME`; others are passed over. */
  constructor(text: string) {
    const places = new Map<bigint, { readonly name: string; readonly rank: number }>();
    for (const line of text.split("\n")) {
      const space = line.indexOf(" ");
      const name = line.slice(space + 3);
      const type = line[space + 1];
      if (space < 1 || type === undefined || name === "" || line[space + 2] !== " ") continue;
      const digits = line.slice(0, space);
      if (!HEXADECIMAL.test(digits)) continue;
      const address = BigInt(`0x${digits}`);
      // The kernel has several static functions of one name; the first is as good as any.
      if (!this.#addresses.has(name)) this.#addresses.set(name, address);
      if (IS_NO_PLACE.test(type)) continue;
      const rank = rankOf(type, name);
      const known = places.get(address);
      if (known === undefined || rank < known.rank) places.set(address, { name, rank });
    }
    this.#places = [...places]
      .map(([address, { name }]) => ({ address, name }))
      .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  }

  addressOf(name: string): bigint | undefined {
    return this.#addresses.get(name);
  }

  /**
   * The function or variable that an address lies in.
   * @returns undefined in front of the first and behind the last symbol, where the code of a
   *   loaded module is, for example.
   */
  find(address: bigint): GuestPlace | undefined {
    const last = this.#places.at(-1);
    if (last === undefined || address > last.address) return undefined;
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#places[middle]?.address ?? address) <= address) low = middle + 1;
      else high = middle;
    }
    const found = this.#places[low - 1];
    if (found === undefined || ENDS.has(found.name)) return undefined;
    return { name: found.name, offset: Number(address - found.address) };
  }
}

const HEXADECIMAL = /^[0-9a-f]{1,16}$/;
/** Absolute values and symbols that are defined elsewhere, by nm(1). */
const IS_NO_PLACE = /[AaUN]/;
const IS_WEAK = /[WwVv]/;
const IS_LINKER_MARK = /^__(?:start_|stop_|end_)|^__\w+_(?:start|end)$/;

/**
 * Which of several symbols at an address the kernel prints: the lowest, and the first of such.
 * compare_symbols() of scripts/kallsyms.c: no weak ones, no marks of the linker script, and few
 * underscores in front.
 */
function rankOf(type: string, name: string): number {
  const underscores = name.length - name.replace(/^_+/, "").length;
  return (IS_WEAK.test(type) ? 20_000 : 0) + (IS_LINKER_MARK.test(name) ? 10_000 : 0) + underscores;
}
