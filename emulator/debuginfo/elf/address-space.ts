import type { CodePlace } from "../debug-info.js";
import {
  type ElfFile,
  type ElfSection,
  ET_REL,
  SHF_ALLOC,
  SHF_EXECINSTR,
  SHF_TLS,
  SHT_NOBITS,
} from "../elf.js";

interface Extent {
  readonly section: number;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/**
 * Gives each section of a file addresses that are ordinary numbers, for everything that
 * reads DWARF, and translates between those and {@link CodePlace}.
 *
 * - In a linked file they are the file's own, taken as signed: a 64-bit kernel lies in the
 *   top 2 GiB of the address space, so its addresses are small negative numbers, and exact.
 * - The sections of a relocatable file all begin at 0. They are laid out one behind the other
 *   with gaps, and relocations are applied accordingly (see relocations.ts), so that an
 *   address names one section only.
 */
export class AddressSpace {
  readonly relocatable: boolean;
  /** By section index. */
  readonly #starts: readonly number[];
  /** Ordered by start; those with code come first where sections overlap. */
  readonly #code: readonly Extent[];
  readonly #data: readonly Extent[];
  readonly #sections: readonly ElfSection[];

  constructor(elf: ElfFile) {
    this.relocatable = elf.type === ET_REL;
    this.#sections = elf.sections;
    this.#starts = this.relocatable
      ? layOut(elf.sections)
      : elf.sections.map(({ address }) => signedAddress(address));
    const extents = elf.sections.flatMap(({ flags, size }, section) => {
      const start = this.start(section);
      const inMemory = (flags & SHF_ALLOC) !== 0 && (flags & SHF_TLS) === 0 && size > 0;
      return inMemory ? [{ section, start, end: start + size }] : [];
    });
    const byStart = (a: Extent, b: Extent): number => a.start - b.start;
    this.#code = extents.filter(({ section }) => this.hasCode(section)).sort(byStart);
    this.#data = extents.filter(({ section }) => !this.hasCode(section)).sort(byStart);
  }

  /** The sections with code, ordered by address. */
  get code(): readonly Extent[] {
    return this.#code;
  }

  /** Whether a section holds code, as far as its header says. */
  hasCode(section: number): boolean {
    const header = this.#sections[section];
    return (
      header !== undefined &&
      (header.flags & SHF_EXECINSTR) !== 0 &&
      (header.flags & SHF_ALLOC) !== 0 &&
      header.type !== SHT_NOBITS
    );
  }

  start(section: number): number {
    return this.#starts[section] ?? 0;
  }

  /** @returns undefined where the section is none, or ends before the offset. */
  addressOf({ section, offset }: CodePlace): number | undefined {
    const header = this.#sections[section];
    const inside = header !== undefined && offset >= 0 && offset < header.size;
    return inside ? this.start(section) + offset : undefined;
  }

  /** The place of an address of this space; of a section with code rather than of another. */
  placeOf(address: number): CodePlace | undefined {
    const extent = find(this.#code, address) ?? find(this.#data, address);
    return extent && { section: extent.section, offset: address - extent.start };
  }
}

function find(extents: readonly Extent[], address: number): Extent | undefined {
  let low = 0;
  let high = extents.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((extents[middle]?.start ?? 0) <= address) low = middle + 1;
    else high = middle;
  }
  const found = extents[low - 1];
  return found !== undefined && address < found.end ? found : undefined;
}

/** An address of a linked file as {@link AddressSpace} counts. */
export function signedAddress(address: bigint): number {
  return Number(BigInt.asIntN(64, address));
}

/** Between two sections: nothing that belongs to one reaches into the next. */
const GAP = 0x1000;

function layOut(sections: readonly ElfSection[]): number[] {
  let next = GAP;
  return sections.map(({ type, flags, size }) => {
    if ((flags & SHF_ALLOC) === 0) return 0;
    const start = next;
    // A section without bytes holds no code; its size is bounded by nothing.
    const length = type === SHT_NOBITS ? 0 : size;
    next = start + Math.ceil(length / GAP) * GAP + GAP;
    return start;
  });
}
