import { ByteReader, stringAt } from "../byte-reader.js";
import {
  ElfError,
  type ElfFile,
  type ElfSection,
  SHN_LORESERVE,
  SHN_UNDEF,
  SHN_XINDEX,
  SHT_SYMTAB,
  SHT_SYMTAB_SHNDX,
} from "../elf.js";

const SHT_DYNSYM = 11;
export const STT_NOTYPE = 0;
export const STT_OBJECT = 1;
export const STT_FUNC = 2;
export const STT_FILE = 4;
export const STT_GNU_IFUNC = 10;
export const STB_LOCAL = 0;

/** An entry of a symbol table: System V ABI, chapter 4, "Symbol Table". */
export interface ElfSymbol {
  readonly index: number;
  /** `st_value`: in relocatable files the offset in the section, else the address, signed. */
  readonly value: number;
  readonly size: number;
  readonly type: number;
  readonly binding: number;
  /** The section's index; undefined for absolute, common and undefined symbols. */
  readonly section: number | undefined;
}

/** A file's symbol table, decoded entry by entry: a kernel's has a hundred thousand. */
export class ElfSymbols {
  readonly count: number;
  readonly #reader: ByteReader;
  readonly #entrySize: number;
  readonly #bits: 32 | 64;
  readonly #strings: Uint8Array;
  readonly #extendedIndexes: ByteReader;

  private constructor(elf: ElfFile, table: ElfSection | undefined) {
    const { sections, bits } = elf;
    const bytes = table === undefined ? new Uint8Array() : elf.read(table);
    const strings = table === undefined ? undefined : sections[table.link];
    const extended = sections.find(
      ({ type, link }) =>
        type === SHT_SYMTAB_SHNDX && table !== undefined && sections[link] === table,
    );
    this.#bits = bits;
    this.#entrySize = bits === 32 ? 16 : 24;
    this.count = Math.floor(bytes.length / this.#entrySize);
    this.#reader = new ByteReader(bytes, corruptSymbols);
    this.#strings = strings === undefined ? new Uint8Array() : elf.read(strings);
    this.#extendedIndexes = new ByteReader(
      extended === undefined ? new Uint8Array() : elf.read(extended),
      corruptSymbols,
    );
  }

  /** The file's symbols; those of the dynamic linker where the others were stripped. */
  static ofFile(elf: ElfFile): ElfSymbols {
    const symtab = elf.sections.find(({ type }) => type === SHT_SYMTAB);
    const dynsym = elf.sections.find(({ type }) => type === SHT_DYNSYM);
    const symbols = new ElfSymbols(elf, symtab);
    return symbols.count > 0 ? symbols : new ElfSymbols(elf, dynsym);
  }

  /** The table that a relocation section names by its `sh_link`. */
  static ofSection(elf: ElfFile, index: number): ElfSymbols {
    const table = elf.sections[index];
    const isTable = table?.type === SHT_SYMTAB || table?.type === SHT_DYNSYM;
    return new ElfSymbols(elf, isTable ? table : undefined);
  }

  /** @throws ElfError for an index that the table does not have. */
  at(index: number): ElfSymbol {
    const reader = this.#reader;
    reader.seek(index * this.#entrySize + 4);
    let value: number;
    let size: number;
    let info: number;
    let sectionIndex: number;
    if (this.#bits === 32) {
      value = reader.u32();
      size = reader.u32();
      info = reader.u8();
      reader.skip(1);
      sectionIndex = reader.u16();
    } else {
      info = reader.u8();
      reader.skip(1);
      sectionIndex = reader.u16();
      value = reader.i64();
      size = reader.u64();
    }
    return {
      index,
      value,
      size,
      type: info & 0xf,
      binding: info >>> 4,
      section: this.#section(index, sectionIndex),
    };
  }

  /** Empty for a symbol without a name. */
  name(index: number): string {
    this.#reader.seek(index * this.#entrySize);
    return stringAt(this.#strings, this.#reader.u32()) ?? "";
  }

  /** System V ABI, chapter 4, "Section Indexes": numbers above 0xff00 are kept elsewhere. */
  #section(index: number, sectionIndex: number): number | undefined {
    if (sectionIndex === SHN_XINDEX) {
      this.#extendedIndexes.seek(index * 4);
      return this.#extendedIndexes.u32();
    }
    return sectionIndex === SHN_UNDEF || sectionIndex >= SHN_LORESERVE ? undefined : sectionIndex;
  }
}

function corruptSymbols(message: string): ElfError {
  return new ElfError("corrupt-elf", `The ELF file's symbol table is damaged: ${message}.`);
}
