import { ByteReader } from "../byte-reader.js";
import {
  ElfError,
  type ElfFile,
  type ElfSection,
  EM_386,
  machineName,
  SHT_REL,
  SHT_RELA,
} from "../elf.js";
import type { AddressSpace } from "./address-space.js";
import { ElfSymbols } from "./symbols.js";

type RelocationKind = "none" | "absolute" | "relative";

interface RelocationType {
  readonly kind: RelocationKind;
  /** In bytes. */
  readonly size: 0 | 4 | 8;
}

const NONE: RelocationType = { kind: "none", size: 0 };
const ABSOLUTE_32: RelocationType = { kind: "absolute", size: 4 };
const ABSOLUTE_64: RelocationType = { kind: "absolute", size: 8 };
const RELATIVE_32: RelocationType = { kind: "relative", size: 4 };
const RELATIVE_64: RelocationType = { kind: "relative", size: 8 };

/** System V ABI, Intel386 supplement, table 4.9, and its extensions for thread-local storage. */
const I386_TYPES: Readonly<Record<number, RelocationType>> = {
  0: NONE,
  1: ABSOLUTE_32,
  2: RELATIVE_32,
  // R_386_TLS_LDO_32: the place of a thread-local variable in its block.
  32: ABSOLUTE_32,
};

/** System V ABI, AMD64 supplement, table 4.9. */
const X86_64_TYPES: Readonly<Record<number, RelocationType>> = {
  0: NONE,
  1: ABSOLUTE_64,
  2: RELATIVE_32,
  10: ABSOLUTE_32,
  // R_X86_64_32S, and DTPOFF64 and DTPOFF32 for thread-local variables.
  11: ABSOLUTE_32,
  17: ABSOLUTE_64,
  21: ABSOLUTE_32,
  24: RELATIVE_64,
};

/**
 * Applies a relocatable file's relocations to one of its sections, as a linker does that
 * has placed the sections where {@link AddressSpace} says.
 * @param bytes the section's bytes, decompressed; they are not changed.
 * @returns the bytes themselves where there is nothing to apply.
 * @throws ElfError
 */
export function relocate(
  elf: ElfFile,
  section: ElfSection,
  bytes: Uint8Array,
  space: AddressSpace,
): Uint8Array {
  const index = elf.sections.indexOf(section);
  // Assemblers write one table for a section; a second one would be another's invention.
  const table = elf.sections.find(
    ({ type, info }) => (type === SHT_REL || type === SHT_RELA) && info === index,
  );
  if (!space.relocatable || table === undefined) return bytes;
  const result = bytes.slice();
  applyTable(elf, table, result, space);
  return result;
}

function applyTable(
  elf: ElfFile,
  table: ElfSection,
  target: Uint8Array,
  space: AddressSpace,
): void {
  const types = elf.machine === EM_386 ? I386_TYPES : X86_64_TYPES;
  const symbols = ElfSymbols.ofSection(elf, table.link);
  const withAddends = table.type === SHT_RELA;
  const entrySize = (elf.bits === 32 ? 8 : 16) + (withAddends ? elf.bits / 8 : 0);
  const reader = new ByteReader(elf.read(table), (message) => corrupt(table, message));
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  while (reader.position + entrySize <= reader.end) {
    const offset = elf.bits === 32 ? reader.u32() : reader.u64();
    let typeNumber: number;
    let symbolIndex: number;
    if (elf.bits === 32) {
      const info = reader.u32();
      typeNumber = info & 0xff;
      symbolIndex = info >>> 8;
    } else {
      typeNumber = reader.u32();
      symbolIndex = reader.u32();
    }
    const explicit = withAddends ? (elf.bits === 32 ? reader.u32() | 0 : reader.i64()) : undefined;
    const type = types[typeNumber];
    if (type === undefined) {
      throw new ElfError(
        "unsupported-elf",
        `Section ${table.name} has a relocation of type ${typeNumber}, which debug information for ${machineName(elf.machine)} does not use.`,
      );
    }
    if (type.kind === "none") continue;
    if (offset + type.size > target.length) throw corrupt(table, "it points outside its section");
    const addend = explicit ?? readAddend(view, offset, type.size);
    const origin = type.kind === "relative" ? offset : 0;
    write(view, offset, type.size, symbolAddress(symbols, symbolIndex, space) + addend - origin);
  }
}

function symbolAddress(symbols: ElfSymbols, index: number, space: AddressSpace): number {
  const { section, value } = symbols.at(index);
  // What is defined elsewhere is not known here, and counts from 0.
  return section === undefined ? value : space.start(section) + value;
}

function readAddend(view: DataView, offset: number, size: 0 | 4 | 8): number {
  const low = view.getUint32(offset, true);
  return size === 8
    ? view.getInt32(offset + 4, true) * 0x1_0000_0000 + low
    : view.getInt32(offset, true);
}

function write(view: DataView, offset: number, size: 0 | 4 | 8, value: number): void {
  // setUint32 takes the value modulo 2^32, as linkers do.
  view.setUint32(offset, value, true);
  if (size === 8) view.setUint32(offset + 4, Math.floor(value / 0x1_0000_0000), true);
}

function corrupt(table: ElfSection, message: string): ElfError {
  return new ElfError("corrupt-elf", `The relocations in ${table.name} are damaged: ${message}.`);
}
