import type { GuestPlace, SymbolTable } from "./symbol-table.js";

/** Marks of include/asm-generic/vmlinux.lds.h that nothing of the kernel's own lies behind. */
const ENDS: ReadonlySet<string> = new Set(["_etext", "_einittext", "_edata", "_end"]);

/** A kernel's symbols out of its `System.map` or `/proc/kallsyms`, code and data. */
export class SystemMap implements SymbolTable {
  readonly #addresses = new Map<string, bigint>();
  /** Ordered by address. */
  readonly #places: readonly Line[];

  /** @param text lines of `ADDRESS TYPE NAME`; others are passed over. */
  constructor(text: string) {
    const lines = text.split("\n").flatMap(parseLine);
    // The kernel has several static functions of one name; the first is as good as any.
    for (const { name, address } of lines) {
      if (!this.#addresses.has(name)) this.#addresses.set(name, address);
    }
    this.#places = lines
      .filter(({ type }) => !IS_NO_PLACE.test(type))
      .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  }

  addressOf(name: string): bigint | undefined {
    return this.#addresses.get(name);
  }

  /**
   * The function or variable that an address lies in; of those that share an address, the one
   * that the kernel prints.
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
    let best = this.#places[low - 1];
    if (best === undefined) return undefined;
    for (let index = low - 2; this.#places[index]?.address === best.address; index--) {
      const alias = this.#places[index];
      if (alias !== undefined && rankOf(alias) <= rankOf(best)) best = alias;
    }
    if (ENDS.has(best.name)) return undefined;
    return { name: best.name, offset: Number(address - best.address) };
  }
}

interface Line {
  readonly address: bigint;
  readonly type: string;
  readonly name: string;
}

function parseLine(line: string): Line[] {
  const space = line.indexOf(" ");
  const type = line[space + 1];
  const name = line.slice(space + 3);
  if (space < 1 || type === undefined || name === "" || line[space + 2] !== " ") return [];
  const digits = line.slice(0, space);
  return HEXADECIMAL.test(digits) ? [{ address: BigInt(`0x${digits}`), type, name }] : [];
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
function rankOf({ type, name }: Line): number {
  const underscores = name.length - name.replace(/^_+/, "").length;
  return (IS_WEAK.test(type) ? 20_000 : 0) + (IS_LINKER_MARK.test(name) ? 10_000 : 0) + underscores;
}
