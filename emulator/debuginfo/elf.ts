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
  readonly offset: number;
  readonly size: number;
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

const ELFCLASS32 = 1;
const ELFCLASS64 = 2;
const ELFDATA2LSB = 1;
const SHT_NOBITS = 8;
export const ET_REL = 1;

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
  /** An address-sized field. Files of 2^53 bytes and more do not occur. */
  const word = (offset: number): number =>
    bits === 32 ? view.getUint32(offset, true) : Number(view.getBigUint64(offset, true));

  within(0, headerSize);
  const tableOffset = word(bits === 32 ? 32 : 40);
  const count = view.getUint16(bits === 32 ? 48 : 60, true);
  const nameIndex = view.getUint16(bits === 32 ? 50 : 62, true);
  within(tableOffset, count * entrySize);

  const headers = Array.from({ length: count }, (_, index) => {
    const at = tableOffset + index * entrySize;
    const type = view.getUint32(at + 4, true);
    const offset = word(at + (bits === 32 ? 16 : 24));
    const size = word(at + (bits === 32 ? 20 : 32));
    if (type !== SHT_NOBITS) within(offset, size);
    return { nameOffset: view.getUint32(at, true), type, offset, size };
  });
  const names = headers[nameIndex];
  const sections = headers.map(({ nameOffset, type, offset, size }) => ({
    name: names === undefined ? "" : stringAt(bytes, names.offset + nameOffset),
    type,
    offset,
    size,
  }));
  return {
    bits,
    type: view.getUint16(16, true),
    machine: view.getUint16(18, true),
    sections,
    read: ({ type, offset, size }) =>
      type === SHT_NOBITS ? new Uint8Array() : bytes.subarray(offset, offset + size),
  };
}

function stringAt(bytes: Uint8Array, offset: number): string {
  const end = bytes.indexOf(0, offset);
  return text(bytes.subarray(offset, end < 0 ? bytes.length : end));
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
