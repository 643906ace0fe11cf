import { STB_LOCAL, STT_FUNC, STT_OBJECT } from "../../../debuginfo/elf/symbols.js";
import {
  EM_386,
  EM_X86_64,
  SHF_ALLOC,
  SHF_EXECINSTR,
  SHT_NOBITS,
  SHT_PROGBITS,
  SHT_SYMTAB,
} from "../../../debuginfo/elf.js";
import { ByteWriter } from "../../../debuginfo/gsym/byte-writer.js";
import { StringTable } from "../../../debuginfo/gsym/string-table.js";

/** Writes an executable ELF file without a program, as `objcopy --only-keep-debug` leaves one. */

const SHF_WRITE = 0x1;
const SHT_STRTAB = 3;
const ET_EXEC = 2;
const SHN_ABS = 0xfff1;
const STB_GLOBAL = 1;

/** A part of the memory that the file tells of. The file has not its content. */
export interface MemorySection {
  readonly name: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly kind: "code" | "data";
}

export interface DebugSection {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ElfSymbol {
  readonly name: string;
  readonly address: bigint;
  /** In bytes; 0 where it is not known. */
  readonly size: number;
  readonly kind: "code" | "data";
  readonly global: boolean;
}

export interface ElfContent {
  readonly bits: 32 | 64;
  readonly memory: readonly MemorySection[];
  readonly debug: readonly DebugSection[];
  readonly symbols: readonly ElfSymbol[];
}

interface Header {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: bigint;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly entrySize: number;
}

/** System V ABI, chapters 4 and 5. */
export function writeElf(content: ElfContent): Uint8Array {
  const { bits, memory, debug, symbols } = content;
  const writer = new ByteWriter();
  writer.append(new Uint8Array(bits === 32 ? 52 : 64));
  const headers: Header[] = [header("", 0)];
  for (const { name, start, end, kind } of memory) {
    const flags = SHF_ALLOC | (kind === "code" ? SHF_EXECINSTR : SHF_WRITE);
    const size = Number(end - start);
    headers.push({ ...header(name, SHT_NOBITS), flags, address: start, size });
  }
  const add = (name: string, type: number, bytes: Uint8Array, more: Partial<Header> = {}): void => {
    writer.align(8);
    headers.push({
      ...header(name, type),
      offset: writer.length,
      size: bytes.length,
      ...more,
    });
    writer.append(bytes);
  };
  for (const { name, bytes } of debug) add(name, SHT_PROGBITS, bytes);
  const names = new StringTable();
  // Local symbols come first; `sh_info` says where the others begin.
  const local = symbols.filter(({ global }) => !global);
  const ordered = [...local, ...symbols.filter(({ global }) => global)];
  const table = symbolTable(bits, ordered, memory, names);
  add(".symtab", SHT_SYMTAB, table, {
    link: headers.length + 1,
    info: 1 + local.length,
    entrySize: bits === 32 ? 16 : 24,
  });
  add(".strtab", SHT_STRTAB, names.bytes);
  const sectionNames = new StringTable();
  for (const { name } of headers) sectionNames.offsetOf(name);
  sectionNames.offsetOf(".shstrtab");
  add(".shstrtab", SHT_STRTAB, sectionNames.bytes);
  writer.align(8);
  const headersAt = writer.length;
  for (const section of headers) writeSectionHeader(writer, bits, section, sectionNames);
  const bytes = writer.bytes;
  bytes.set(fileHeader(bits, headersAt, headers.length));
  return bytes;
}

function header(name: string, type: number): Header {
  return { name, type, flags: 0, address: 0n, offset: 0, size: 0, link: 0, info: 0, entrySize: 0 };
}

function symbolTable(
  bits: 32 | 64,
  symbols: readonly ElfSymbol[],
  memory: readonly MemorySection[],
  names: StringTable,
): Uint8Array {
  const writer = new ByteWriter();
  writer.append(new Uint8Array(bits === 32 ? 16 : 24));
  for (const { name, address, size, kind, global } of symbols) {
    const at = memory.findIndex(({ start, end }) => start <= address && address < end);
    // Section 0 is none, and those of the memory follow it.
    const section = at < 0 ? SHN_ABS : at + 1;
    const info =
      ((global ? STB_GLOBAL : STB_LOCAL) << 4) | (kind === "code" ? STT_FUNC : STT_OBJECT);
    writer.u32(names.offsetOf(name));
    if (bits === 32) {
      writer.u32(Number(address));
      writer.u32(size);
    }
    writer.u8(info);
    writer.u8(0);
    writer.u16(section);
    if (bits === 64) {
      writer.u64(address);
      writer.u64(BigInt(size));
    }
  }
  return writer.bytes;
}

function writeSectionHeader(
  writer: ByteWriter,
  bits: 32 | 64,
  section: Header,
  names: StringTable,
): void {
  const word = wordWriter(writer, bits);
  writer.u32(names.offsetOf(section.name));
  writer.u32(section.type);
  word(section.flags);
  word(section.address);
  word(section.offset);
  word(section.size);
  writer.u32(section.link);
  writer.u32(section.info);
  word(section.type === 0 ? 0 : 1);
  word(section.entrySize);
}

function fileHeader(bits: 32 | 64, sectionHeaders: number, sections: number): Uint8Array {
  const writer = new ByteWriter();
  const word = wordWriter(writer, bits);
  // Class, little-endian, version 1, the System V ABI.
  writer.append(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, bits === 32 ? 1 : 2, 1, 1, 0));
  writer.append(new Uint8Array(8));
  writer.u16(ET_EXEC);
  writer.u16(bits === 32 ? EM_386 : EM_X86_64);
  writer.u32(1);
  word(0); // entry
  word(0); // no program headers
  word(sectionHeaders);
  writer.u32(0); // flags
  writer.u16(bits === 32 ? 52 : 64);
  writer.u16(0);
  writer.u16(0);
  writer.u16(bits === 32 ? 40 : 64);
  writer.u16(sections);
  writer.u16(sections - 1);
  return writer.bytes;
}

/** Writes addresses, offsets and sizes, which are as wide as the file's addresses. */
function wordWriter(writer: ByteWriter, bits: 32 | 64): (value: number | bigint) => void {
  return bits === 32 ? (value) => writer.u32(Number(value)) : (value) => writer.u64(BigInt(value));
}
