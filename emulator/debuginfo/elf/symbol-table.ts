import { ElfError, type ElfFile, SHF_ALLOC } from "../elf.js";
import { lastNotAbove } from "../sorted.js";
import type { AddressSpace } from "./address-space.js";
import {
  type ElfSymbol,
  ElfSymbols,
  STB_LOCAL,
  STT_FILE,
  STT_FUNC,
  STT_GNU_IFUNC,
  STT_NOTYPE,
  STT_OBJECT,
} from "./symbols.js";

/** A symbol of something in memory. */
export interface MemorySymbol {
  /** Its number in the file's table. */
  readonly index: number;
  /** In the file's AddressSpace. */
  readonly address: number;
  /** As the table has it; 0 for most labels of assembly code. */
  readonly size: number;
  readonly section: number;
  readonly type: number;
}

/** STT_NOTYPE is common for functions written in assembly language. */
const MEMORY_TYPES: ReadonlySet<number> = new Set([
  STT_NOTYPE,
  STT_FUNC,
  STT_OBJECT,
  STT_GNU_IFUNC,
]);

/** In bytes. A kernel's symbols have 20 on average, mangled ones of C++ or Rust below 200. */
const LONGEST_AVERAGE_NAME = 512;

/** The symbols of a file by address and by name. */
export class SymbolTable {
  readonly #symbols: ElfSymbols;
  readonly #space: AddressSpace;
  /** All of them, by address; those of one address by size, then in the table's order. */
  readonly #ordered: readonly MemorySymbol[];
  /** One for each address: the last of those above, so never one without a size if there is another. */
  readonly #chosen: readonly MemorySymbol[];
  readonly #chosenAddresses: Float64Array;
  readonly #orderedAddresses: Float64Array;
  /** Numbers of the STT_FILE symbols, ascending. */
  readonly #fileSymbols: readonly number[];
  readonly #isLocal: Uint8Array;
  #byName: Map<string, MemorySymbol[]> | undefined;

  /** @throws ElfError */
  constructor(elf: ElfFile, space: AddressSpace) {
    this.#space = space;
    this.#symbols = ElfSymbols.ofFile(elf);
    this.#isLocal = new Uint8Array(this.#symbols.count);
    const ordered: MemorySymbol[] = [];
    const fileSymbols: number[] = [];
    for (let index = 1; index < this.#symbols.count; index++) {
      const symbol = this.#symbols.at(index);
      if (symbol.type === STT_FILE) fileSymbols.push(index);
      const inMemory = inMemorySymbol(elf, space, symbol);
      if (inMemory !== undefined) ordered.push(inMemory);
      this.#isLocal[index] = symbol.binding === STB_LOCAL ? 1 : 0;
    }
    // Array.prototype.sort is stable.
    ordered.sort((a, b) => a.address - b.address || a.size - b.size);
    this.#fileSymbols = fileSymbols;
    this.#ordered = ordered;
    this.#orderedAddresses = Float64Array.from(ordered, ({ address }) => address);
    this.#chosen = ordered.filter(({ address }, index) => ordered[index + 1]?.address !== address);
    this.#chosenAddresses = Float64Array.from(this.#chosen, ({ address }) => address);
  }

  /** All symbols in memory, by address. */
  get all(): readonly MemorySymbol[] {
    return this.#ordered;
  }

  /**
   * The symbols that {@link find} may find for addresses from one up to another, which is
   * exclusive: ordered, the first may begin before.
   */
  *between(start: number, end: number): Generator<MemorySymbol> {
    for (let at = Math.max(0, lastNotAbove(this.#chosenAddresses, start)); ; at++) {
      const symbol = this.#chosen[at];
      if (symbol === undefined || symbol.address >= end) return;
      yield symbol;
    }
  }

  /**
   * The symbol that an address lies in: the last that begins there or before, unless it has a
   * size and ends before. Of several at one address the largest, and of those the last of the
   * table: so does llvm-symbolizer (SymbolizableObjectFile::getNameFromSymbolTable).
   */
  find(address: number): MemorySymbol | undefined {
    const symbol = this.#chosen[lastNotAbove(this.#chosenAddresses, address)];
    if (symbol === undefined) return undefined;
    if (symbol.size !== 0 && symbol.address + symbol.size <= address) return undefined;
    // Sections of a relocatable file have nothing to do with each other.
    const place = this.#space.relocatable ? this.#space.placeOf(address) : undefined;
    return place !== undefined && place.section !== symbol.section ? undefined : symbol;
  }

  name({ index }: MemorySymbol): string {
    return this.#symbols.name(index);
  }

  /**
   * All symbols of a name, in the table's order.
   * @throws ElfError when the names of all symbols would take absurdly much memory.
   */
  named(name: string): readonly MemorySymbol[] {
    this.#byName ??= this.#collectNames();
    return this.#byName.get(name) ?? [];
  }

  #collectNames(): Map<string, MemorySymbol[]> {
    const byName = new Map<string, MemorySymbol[]>();
    let room = LONGEST_AVERAGE_NAME * (this.#ordered.length + 1000);
    for (const symbol of [...this.#ordered].sort((a, b) => a.index - b.index)) {
      const name = this.name(symbol);
      room -= name.length;
      if (room < 0) {
        throw new ElfError("corrupt-elf", "The symbols of the ELF file have names without end.");
      }
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [symbol]);
      else known.push(symbol);
    }
    return byName;
  }

  /** The source file that a local symbol stands under in the table; undefined for others. */
  sourceFile({ index }: MemorySymbol): string | undefined {
    if (this.#isLocal[index] !== 1) return undefined;
    const file = this.#fileSymbols[lastNotAbove(this.#fileSymbols, index)];
    const name = file === undefined ? "" : this.#symbols.name(file);
    return name === "" ? undefined : name;
  }

  /** The first address above this one where another symbol begins. */
  nextAddress(address: number): number | undefined {
    return this.#orderedAddresses[lastNotAbove(this.#orderedAddresses, address) + 1];
  }
}

function inMemorySymbol(
  elf: ElfFile,
  space: AddressSpace,
  { index, section, value, size, type }: ElfSymbol,
): MemorySymbol | undefined {
  if (section === undefined || !MEMORY_TYPES.has(type)) return undefined;
  if (((elf.sections[section]?.flags ?? 0) & SHF_ALLOC) === 0) return undefined;
  const address = space.relocatable ? space.start(section) + value : value;
  return { index, address, size, section, type };
}
