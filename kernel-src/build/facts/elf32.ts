/** A symbol of `.symtab`, numbers as in the file. */
export interface ElfSymbol {
  readonly name: string;
  readonly start: number;
  /** Bytes; 0 for labels of assembly and of linker scripts. */
  readonly size: number;
}

interface Section {
  readonly name: string;
  readonly type: number;
  readonly address: number;
  readonly data: Buffer;
  readonly link: number;
}

// Offsets and numbers: System V ABI, chapter 4 and 5, for the 32-bit class.
const SHT_NOBITS = 8;
const SHT_SYMTAB = 2;
const sectionHeaderSize = 40;
const symbolSize = 16;

/** Reads what the kernel's facts need of a little-endian 32-bit ELF file such as vmlinux. */
export class Elf32 {
  readonly #sections: readonly Section[];

  /** @throws if the bytes are no 32-bit little-endian ELF file */
  constructor(file: Buffer) {
    if (file.length < 52 || file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 1 || file[5] !== 1) {
      throw new Error("Not a 32-bit little-endian ELF file.");
    }
    this.#sections = readSections(file);
  }

  /** The bytes of the section. @throws if there is none of that name */
  section(name: string): Buffer {
    const section = this.#sections.find((one) => one.name === name);
    if (section === undefined) throw new Error(`The ELF file has no section ${name}.`);
    return section.data;
  }

  *symbols(): Generator<ElfSymbol> {
    for (const table of this.#sections) {
      if (table.type !== SHT_SYMTAB) continue;
      const names = this.#sections[table.link]?.data ?? Buffer.alloc(0);
      for (let at = 0; at + symbolSize <= table.data.length; at += symbolSize) {
        yield {
          name: stringAt(names, table.data.readUInt32LE(at)),
          start: table.data.readUInt32LE(at + 4),
          size: table.data.readUInt32LE(at + 8),
        };
      }
    }
  }

  /** The NUL-terminated string at a linear address. @throws if no section holds it */
  stringAtAddress(address: number): string {
    const section = this.#sections.find(
      (one) =>
        one.address !== 0 && one.address <= address && address < one.address + one.data.length,
    );
    if (section === undefined)
      throw new Error(`Nothing in the ELF file at 0x${address.toString(16)}.`);
    return stringAt(section.data, address - section.address);
  }
}

function readSections(file: Buffer): Section[] {
  const table = file.readUInt32LE(32);
  const count = file.readUInt16LE(48);
  const headers = Array.from({ length: count }, (_, i) => {
    const at = table + i * sectionHeaderSize;
    const type = file.readUInt32LE(at + 4);
    const offset = file.readUInt32LE(at + 16);
    const size = type === SHT_NOBITS ? 0 : file.readUInt32LE(at + 20);
    return {
      nameOffset: file.readUInt32LE(at),
      type,
      address: file.readUInt32LE(at + 12),
      data: file.subarray(offset, offset + size),
      link: file.readUInt32LE(at + 24),
    };
  });
  const names = headers[file.readUInt16LE(50)]?.data ?? Buffer.alloc(0);
  return headers.map(({ nameOffset, ...section }) => ({
    ...section,
    name: stringAt(names, nameOffset),
  }));
}

function stringAt(bytes: Buffer, offset: number): string {
  const end = bytes.indexOf(0, offset);
  return bytes.toString("latin1", offset, end < 0 ? bytes.length : end);
}
