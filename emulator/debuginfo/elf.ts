import { stringAt } from "./byte-reader.js";

/**
 * Reads the section headers of ELF files, 32 and 64 bits, little-endian: System V ABI,
 * chapters 4 (object files) and 5.
 */

export type ElfErrorCode = "not-elf" | "unsupported-elf" | "corrupt-elf";

export class ElfError extends Error {
  override readonly name = "ElfError";
  readonly code: ElfErrorCode;

  constructor(code: ElfErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export interface ElfSection {
  readonly name: string;
  /** `sh_type`; 8 (SHT_NOBITS) takes no room in the file. */
  readonly type: number;
  /** The low half of `sh_flags`: {@link SHF_ALLOC}, {@link SHF_EXECINSTR}, … */
  readonly flags: number;
  /** `sh_addr`: where it lies in memory; 0 in relocatable files. */
  readonly address: bigint;
  readonly offset: number;
  readonly size: number;
  /** `sh_link` and `sh_info`: sections that this one belongs to, by type. */
  readonly link: number;
  readonly info: number;
  /** `sh_addralign`; 0 and 1 both mean none. */
  readonly alignment: number;
  /** `sh_entsize`: of the entries of a table; 0 otherwise. */
  readonly entrySize: number;
}

export interface ElfFile {
  readonly bits: 32 | 64;
  /** `e_type`: 1 relocatable, 2 executable, 3 shared object. */
  readonly type: number;
  /** `e_machine`, see {@link machineName}. */
  readonly machine: number;
  readonly sections: readonly ElfSection[];
  /** The bytes of a section, a view into the file; empty for SHT_NOBITS. */
  read(section: ElfSection): Uint8Array;
}

/** In bytes; -ffunction-sections makes a name of each function's. */
const LONGEST_SECTION_NAME = 1024;

const ELFCLASS32 = 1;
const ELFCLASS64 = 2;
const ELFDATA2LSB = 1;
export const ET_REL = 1;
export const EM_386 = 3;
export const EM_X86_64 = 62;
export const SHT_PROGBITS = 1;
export const SHT_SYMTAB = 2;
export const SHT_RELA = 4;
export const SHT_NOBITS = 8;
export const SHT_REL = 9;
export const SHT_SYMTAB_SHNDX = 18;
export const SHF_ALLOC = 0x2;
export const SHF_EXECINSTR = 0x4;
export const SHF_TLS = 0x400;
export const SHF_COMPRESSED = 0x800;
/** Section index of a symbol that belongs to none, and what stands for "too large for 16 bits". */
export const SHN_UNDEF = 0;
export const SHN_LORESERVE = 0xff00;
export const SHN_XINDEX = 0xffff;

const MACHINES: Readonly<Record<number, string>> = {
  3: "i386",
  8: "MIPS",
  20: "PowerPC",
  21: "PowerPC64",
  22: "S390",
  40: "ARM",
  62: "x86-64",
  183: "AArch64",
  243: "RISC-V",
  258: "LoongArch",
};

/** The name of an `e_machine` value, as binutils' readelf abbreviates it. */
export function machineName(machine: number): string {
  return MACHINES[machine] ?? `machine number ${machine}`;
}

/** @throws ElfError when the bytes are not an ELF file that can be read here. */
export function parseElf(bytes: Uint8Array): ElfFile {
  const isElf = bytes.length >= 4 && bytes[0] === 0x7f && text(bytes.subarray(1, 4)) === "ELF";
  if (!isElf) throw new ElfError("not-elf", "The file does not begin as an ELF file does.");
  const elfClass = bytes[4];
  if ((elfClass !== ELFCLASS32 && elfClass !== ELFCLASS64) || bytes[5] !== ELFDATA2LSB) {
    throw new ElfError("unsupported-elf", "Only little-endian ELF files are read here.");
  }
  const bits = elfClass === ELFCLASS32 ? 32 : 64;
  const headerSize = bits === 32 ? 52 : 64;
  const entrySize = bits === 32 ? 40 : 64;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const within = (offset: number, size: number): void => {
    if (offset < 0 || size < 0 || offset + size > bytes.length) {
      throw new ElfError(
        "corrupt-elf",
        "The ELF file is cut off: its headers point behind its end.",
      );
    }
  };
  const bigWord = (offset: number): bigint =>
    bits === 32 ? BigInt(view.getUint32(offset, true)) : view.getBigUint64(offset, true);
  /** An offset or a size. Files of 2^53 bytes and more do not occur. */
  const word = (offset: number): number =>
    bits === 32 ? view.getUint32(offset, true) : Number(view.getBigUint64(offset, true));

  within(0, headerSize);
  const tableOffset = word(bits === 32 ? 32 : 40);
  let count = view.getUint16(bits === 32 ? 48 : 60, true);
  let nameIndex = view.getUint16(bits === 32 ? 50 : 62, true);
  if (tableOffset > 0) {
    // Numbers that do not fit the header's 16 bits stand in the first section's header.
    within(tableOffset, entrySize);
    if (count === 0) count = word(tableOffset + (bits === 32 ? 20 : 32));
    if (nameIndex === SHN_XINDEX) {
      nameIndex = view.getUint32(tableOffset + (bits === 32 ? 24 : 40), true);
    }
  }
  within(tableOffset, count * entrySize);

  const headers = Array.from({ length: count }, (_, index) => {
    const at = tableOffset + index * entrySize;
    const type = view.getUint32(at + 4, true);
    const offset = word(at + (bits === 32 ? 16 : 24));
    const size = word(at + (bits === 32 ? 20 : 32));
    const linkAt = at + (bits === 32 ? 24 : 40);
    if (type !== SHT_NOBITS) within(offset, size);
    return {
      nameOffset: view.getUint32(at, true),
      type,
      flags: view.getUint32(at + 8, true),
      address: bigWord(at + (bits === 32 ? 12 : 16)),
      offset,
      size,
      link: view.getUint32(linkAt, true),
      info: view.getUint32(linkAt + 4, true),
      alignment: word(linkAt + 8),
      entrySize: word(linkAt + (bits === 32 ? 12 : 16)),
    };
  });
  const read = ({
    type,
    offset,
    size,
  }: Pick<ElfSection, "type" | "offset" | "size">): Uint8Array =>
    type === SHT_NOBITS ? new Uint8Array() : bytes.subarray(offset, offset + size);
  const nameHeader = headers[nameIndex];
  const names = nameHeader === undefined ? new Uint8Array() : read(nameHeader);
  const sections = headers.map(
    ({ nameOffset, ...header }): ElfSection => ({
      name: stringAt(names, nameOffset, LONGEST_SECTION_NAME) ?? "",
      ...header,
    }),
  );
  return {
    bits,
    type: view.getUint16(16, true),
    machine: view.getUint16(18, true),
    sections,
    read,
  };
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
