import { EM_386, EM_X86_64, ET_REL, parseElf, SHT_NOBITS } from "../elf.js";

/** A section of an ELF file that is to be built. */
export interface SectionPlan {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** SHT_PROGBITS by default. */
  readonly type?: number;
  readonly flags?: number;
  readonly address?: bigint;
  readonly link?: number;
  readonly info?: number;
  readonly alignment?: number;
  readonly entrySize?: number;
  /** Of SHT_NOBITS; that of the bytes otherwise. */
  readonly size?: number;
}

export interface ElfPlan {
  readonly bits: 32 | 64;
  /** ET_REL by default. */
  readonly type?: number;
  /** That of i386 or x86-64 by default. */
  readonly machine?: number;
  /** Without the first, empty one, and the section of names, which comes last. */
  readonly sections: readonly SectionPlan[];
}

/** Builds an ELF file: System V ABI, chapter 4. The first section of the plan has index 1. */
export function buildElf({ bits, type = ET_REL, machine, sections }: ElfPlan): Uint8Array {
  const names = new ByteWriter().u8(0);
  const headerSize = bits === 32 ? 52 : 64;
  const entrySize = bits === 32 ? 40 : 64;
  const content = new ByteWriter();
  const all: SectionPlan[] = [
    { name: "", bytes: new Uint8Array(), type: 0 },
    ...sections,
    { name: ".shstrtab", bytes: new Uint8Array(), type: 3 },
  ];
  const nameOffsets = all.map(({ name }) => {
    if (name === "") return 0;
    const at = names.length;
    names.string(name);
    return at;
  });
  const table = new ByteWriter();
  for (const [index, plan] of all.entries()) {
    const isNames = index === all.length - 1;
    const bytes = isNames ? names.finish() : plan.bytes;
    // Readers may map tables in place.
    content.bytes(new Uint8Array((8 - (content.length % 8)) % 8));
    const offset = headerSize + content.length;
    if (plan.type !== SHT_NOBITS) content.bytes(bytes);
    table.u32(nameOffsets[index] ?? 0).u32(plan.type ?? 1);
    table.word(bits, plan.flags ?? 0).word(bits, plan.address ?? 0n);
    table.word(bits, offset).word(bits, plan.size ?? bytes.length);
    table.u32(plan.link ?? 0).u32(plan.info ?? 0);
    table.word(bits, plan.alignment ?? 1).word(bits, plan.entrySize ?? 0);
  }
  const header = new ByteWriter();
  header.bytes([0x7f, 0x45, 0x4c, 0x46, bits === 32 ? 1 : 2, 1, 1]).bytes(new Uint8Array(9));
  header
    .u16(type)
    .u16(machine ?? (bits === 32 ? EM_386 : EM_X86_64))
    .u32(1);
  header
    .word(bits, 0)
    .word(bits, 0)
    .word(bits, headerSize + content.length)
    .u32(0);
  header
    .u16(headerSize)
    .u16(0)
    .u16(0)
    .u16(entrySize)
    .u16(all.length)
    .u16(all.length - 1);
  return new ByteWriter()
    .bytes(header.finish())
    .bytes(content.finish())
    .bytes(table.finish())
    .finish();
}

/**
 * The same file with some sections changed. The old section of names stays, unused.
 * @param change is given each section but the first.
 */
export function rebuildElf(
  file: Uint8Array,
  change: (plan: SectionPlan) => SectionPlan,
): Uint8Array {
  const elf = parseElf(file);
  const sections = elf.sections.slice(1).map((section) =>
    change({
      name: section.name,
      bytes: elf.read(section),
      type: section.type,
      flags: section.flags,
      address: section.address,
      link: section.link,
      info: section.info,
      alignment: section.alignment,
      entrySize: section.entrySize,
      size: section.size,
    }),
  );
  const plan = sections.map((section) =>
    section.type === SHT_NOBITS || section.size === undefined
      ? section
      : { ...section, size: section.bytes.length },
  );
  return buildElf({ bits: elf.bits, type: elf.type, machine: elf.machine, sections: plan });
}

/** Puts bytes together, little-endian. */
export class ByteWriter {
  readonly #bytes: number[] = [];
  readonly #blocks: Uint8Array[] = [];
  #blockBytes = 0;

  get length(): number {
    return this.#blockBytes + this.#bytes.length;
  }

  u8(...values: readonly number[]): this {
    for (const value of values) this.#bytes.push(value & 0xff);
    return this;
  }

  u16(value: number): this {
    return this.u8(value, value >>> 8);
  }

  u32(value: number): this {
    return this.u8(value, value >>> 8, value >>> 16, value >>> 24);
  }

  u64(value: bigint): this {
    return this.u32(Number(value & 0xffff_ffffn)).u32(Number((value >> 32n) & 0xffff_ffffn));
  }

  /** A number of the file's word size. */
  word(bits: 32 | 64, value: number | bigint): this {
    return bits === 32
      ? this.u32(Number(BigInt.asUintN(32, BigInt(value))))
      : this.u64(BigInt(value));
  }

  uleb(value: number): this {
    let rest = value;
    while (rest >= 0x80) {
      this.u8((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    return this.u8(rest);
  }

  sleb(value: number): this {
    let rest = value;
    while (rest < -0x40 || rest >= 0x40) {
      this.u8((rest & 0x7f) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    return this.u8(rest & 0x7f);
  }

  /** With a NUL at its end. */
  string(text: string): this {
    return this.bytes(new TextEncoder().encode(text)).u8(0);
  }

  bytes(bytes: ArrayLike<number>): this {
    this.#blocks.push(Uint8Array.from(this.#bytes), Uint8Array.from(bytes));
    this.#blockBytes += this.#bytes.length + bytes.length;
    this.#bytes.length = 0;
    return this;
  }

  /** What follows, with its length in 4 bytes in front: as units and programs begin. */
  sized(content: ByteWriter): this {
    return this.u32(content.length).bytes(content.finish());
  }

  finish(): Uint8Array {
    const result = new Uint8Array(this.length);
    let at = 0;
    for (const block of [...this.#blocks, Uint8Array.from(this.#bytes)]) {
      result.set(block, at);
      at += block.length;
    }
    return result;
  }
}
