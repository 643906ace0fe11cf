import { ByteReader } from "../byte-reader.js";
import type { AddressSpace } from "../elf/address-space.js";
import { readUncompressed } from "../elf/compression.js";
import { relocate } from "../elf/relocations.js";
import type { ElfFile, ElfSection } from "../elf.js";
import { corruptSection } from "./dwarf-error.js";
import { WorkBudget } from "./work-budget.js";

export type DebugSectionName =
  | "abbrev"
  | "addr"
  | "aranges"
  | "info"
  | "line"
  | "line_str"
  | "ranges"
  | "rnglists"
  | "str"
  | "str_offsets";

/** A file's debug sections, decompressed and relocated when they are first asked for. */
export class DebugSections {
  /** Whoever reads out of the sections draws on it. */
  readonly budget = new WorkBudget();
  readonly #elf: ElfFile;
  readonly #space: AddressSpace;
  readonly #headers = new Map<string, ElfSection>();
  readonly #readers = new Map<DebugSectionName, ByteReader>();

  constructor(elf: ElfFile, space: AddressSpace) {
    this.#elf = elf;
    this.#space = space;
    for (const section of elf.sections) {
      const name = /^\.z?debug_(.+)$/.exec(section.name)?.[1];
      if (name !== undefined && !this.#headers.has(name)) this.#headers.set(name, section);
    }
  }

  has(name: DebugSectionName): boolean {
    return (this.#headers.get(name)?.size ?? 0) > 0;
  }

  /**
   * The bytes of a section; empty where the file has none of that name.
   * @throws ElfError when they cannot be decompressed or relocated.
   */
  bytes(name: DebugSectionName): Uint8Array {
    return this.#whole(name).bytes;
  }

  /**
   * A reader of a section, from an offset on.
   * @throws DwarfError when the offset lies outside of it.
   */
  reader(name: DebugSectionName, offset = 0): ByteReader {
    const whole = this.#whole(name);
    return whole.slice(offset, whole.end);
  }

  #whole(name: DebugSectionName): ByteReader {
    const known = this.#readers.get(name);
    if (known !== undefined) return known;
    const header = this.#headers.get(name);
    const bytes =
      header === undefined
        ? new Uint8Array()
        : relocate(this.#elf, header, readUncompressed(this.#elf, header), this.#space);
    const reader = new ByteReader(bytes, corruptSection(`.debug_${name}`));
    this.budget.allow(bytes.length);
    this.#readers.set(name, reader);
    return reader;
  }
}
