import { ByteReader } from "./byte-reader.js";
import type { CodePlace, CodeSymbol } from "./debug-info.js";
import { ElfSymbols, STB_LOCAL, STT_FUNC, STT_NOTYPE, STT_OBJECT } from "./elf/symbols.js";
import {
  ElfError,
  type ElfFile,
  type ElfSection,
  EM_386,
  ET_REL,
  parseElf,
  SHF_ALLOC,
  SHF_EXECINSTR,
  SHT_REL,
  SHT_RELA,
} from "./elf.js";

/**
 * A field of a relocatable file's code or data that the loader fills in: the address of
 * something, or the distance to it.
 */
export interface Relocation {
  /** Of the field, in its section. */
  readonly offset: number;
  /** The field holds a distance, as calls and RIP-relative operands do. */
  readonly relative: boolean;
  /** What it refers to: a symbol of another file by name, … */
  readonly symbol: string | undefined;
  /** … or a place in this one. Of a relative field it is where the field's own start would lead. */
  readonly place: CodePlace | undefined;
}

/** A function or variable of the symbol table. */
export interface ModuleSymbol extends CodeSymbol {
  /** Only this file can name it. */
  readonly local: boolean;
}

/** System V ABI, AMD64 supplement, table 4.9: PC32, PLT32 and PC64. */
const X86_64_RELATIVE = new Set([2, 4, 24]);
/** System V ABI, Intel386 supplement, table 4.9: PC32 and PLT32. */
const I386_RELATIVE = new Set([2, 4]);

/** Of 64-bit absolute fields only the low half of the addend in the field matters here. */
const FIELD_BYTES = 4;

/** The symbols and relocations of a module's file, as far as code and its data are concerned. */
export class CodeRelocations {
  readonly bits: 32 | 64;
  readonly elf: ElfFile;
  readonly #bySection: ReadonlyMap<number, readonly Relocation[]>;
  readonly #functions: readonly ModuleSymbol[];
  readonly #variables: readonly ModuleSymbol[];
  readonly #names: ReadonlySet<string>;

  /**
   * @param bytes a relocatable ELF file, such as a `.ko`.
   * @throws ElfError
   */
  constructor(bytes: Uint8Array) {
    const elf = parseElf(bytes);
    if (elf.type !== ET_REL) {
      throw new ElfError(
        "unsupported-elf",
        "Only a relocatable file, such as a .ko, is read here.",
      );
    }
    this.elf = elf;
    this.bits = elf.bits;
    const symbols = ElfSymbols.ofFile(elf);
    const functions: ModuleSymbol[] = [];
    const variables: ModuleSymbol[] = [];
    const names = new Set<string>();
    for (let index = 1; index < symbols.count; index++) {
      const { value, size, type, binding, section } = symbols.at(index);
      if (type !== STT_FUNC && type !== STT_OBJECT && type !== STT_NOTYPE) continue;
      const name = symbols.name(index);
      names.add(name);
      if (section === undefined) continue;
      const local = binding === STB_LOCAL;
      const symbol = { name, place: { section, offset: value }, size, local };
      if (type === STT_FUNC) functions.push(symbol);
      if (type === STT_OBJECT) variables.push(symbol);
    }
    this.#functions = functions;
    this.#variables = variables;
    this.#names = names;
    this.#bySection = readTables(elf, symbols);
  }

  /** Those of a section whose fields begin in a stretch of it, by offset. */
  within(section: number, start: number, end: number): readonly Relocation[] {
    const all = this.#bySection.get(section) ?? [];
    return all.slice(firstFrom(all, start), firstFrom(all, end));
  }

  /** The relocations of all sections that are in memory when the module runs. */
  *all(): Generator<{ readonly section: number; readonly relocation: Relocation }> {
    for (const [section, relocations] of this.#bySection) {
      for (const relocation of relocations) yield { section, relocation };
    }
  }

  /** Whether a section holds code. */
  hasCode(section: number): boolean {
    return ((this.elf.sections[section]?.flags ?? 0) & SHF_EXECINSTR) !== 0;
  }

  /** The functions that the file defines. */
  get functions(): readonly ModuleSymbol[] {
    return this.#functions;
  }

  /** A function's code, with the fields as they are in the file. */
  code({ place, size }: CodeSymbol): Uint8Array {
    const section = this.elf.sections[place.section];
    if (section === undefined) return new Uint8Array();
    return this.elf.read(section).subarray(place.offset, place.offset + size);
  }

  /** The variables of a name: several when functions have static ones, or files of the same name. */
  variables(name: string): readonly ModuleSymbol[] {
    return this.#variables.filter((variable) => variable.name === name);
  }

  /** The variable that a place lies in. */
  variableAt(place: CodePlace): ModuleSymbol | undefined {
    return this.#variables.find((variable) => covers(variable, place));
  }

  /** The function that a place lies in. */
  functionAt(place: CodePlace): ModuleSymbol | undefined {
    return this.#functions.find((fn) => covers(fn, place));
  }

  /** The function or variable that a place lies in, as `name+0x10`. */
  nameAt(place: CodePlace): string | undefined {
    const symbol = this.variableAt(place) ?? this.functionAt(place);
    if (symbol === undefined) return undefined;
    const offset = place.offset - symbol.place.offset;
    return offset === 0 ? symbol.name : `${symbol.name}+0x${offset.toString(16)}`;
  }

  /** Whether any symbol has this name, also one of another file. */
  hasSymbol(name: string): boolean {
    return this.#names.has(name);
  }
}

/** The index of the first relocation at or behind an offset. */
function firstFrom(relocations: readonly Relocation[], offset: number): number {
  let low = 0;
  let high = relocations.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((relocations[middle]?.offset ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function covers({ place, size }: CodeSymbol, { section, offset }: CodePlace): boolean {
  return (
    place.section === section && place.offset <= offset && offset < place.offset + Math.max(1, size)
  );
}

/**
 * Where a field of an instruction leads. Distances count from the instruction's end.
 * @param end the byte behind the instruction, in the section.
 * @returns undefined for what lies in another file.
 */
export function relocationTarget(
  { place, offset, relative }: Relocation,
  end: number,
): CodePlace | undefined {
  if (place === undefined || !relative) return place;
  return { section: place.section, offset: place.offset + end - offset };
}

function readTables(elf: ElfFile, symbols: ElfSymbols): Map<number, Relocation[]> {
  const bySection = new Map<number, Relocation[]>();
  for (const table of elf.sections) {
    if (table.type !== SHT_REL && table.type !== SHT_RELA) continue;
    const target = elf.sections[table.info];
    if (target === undefined || (target.flags & SHF_ALLOC) === 0) continue;
    const relocations = readTable(elf, table, target, symbols);
    const known = bySection.get(table.info) ?? [];
    bySection.set(
      table.info,
      [...known, ...relocations].sort((a, b) => a.offset - b.offset),
    );
  }
  return bySection;
}

function readTable(
  elf: ElfFile,
  table: ElfSection,
  target: ElfSection,
  symbols: ElfSymbols,
): Relocation[] {
  const corrupt = (message: string): ElfError =>
    new ElfError("corrupt-elf", `The relocations in ${table.name} are damaged: ${message}.`);
  const withAddends = table.type === SHT_RELA;
  const relativeTypes = elf.machine === EM_386 ? I386_RELATIVE : X86_64_RELATIVE;
  const entrySize = (elf.bits === 32 ? 8 : 16) + (withAddends ? elf.bits / 8 : 0);
  const entries = new ByteReader(elf.read(table), corrupt);
  const fields = new ByteReader(elf.read(target), corrupt);
  const relocations: Relocation[] = [];
  while (entries.position + entrySize <= entries.end) {
    const offset = elf.bits === 32 ? entries.u32() : entries.u64();
    const low = entries.u32();
    const type = elf.bits === 32 ? low & 0xff : low;
    const symbolIndex = elf.bits === 32 ? low >>> 8 : entries.u32();
    if (offset + FIELD_BYTES > fields.end) throw corrupt("it points outside its section");
    let addend: number;
    if (withAddends) {
      addend = elf.bits === 32 ? entries.u32() | 0 : entries.i64();
    } else {
      fields.seek(offset);
      addend = fields.u32() | 0;
    }
    const { section, value } = symbols.at(symbolIndex);
    relocations.push({
      offset,
      relative: relativeTypes.has(type),
      symbol: section === undefined ? symbols.name(symbolIndex) : undefined,
      place: section === undefined ? undefined : { section, offset: value + addend },
    });
  }
  return relocations;
}
