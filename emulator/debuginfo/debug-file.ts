import type { CodePlace, CodeSymbol, DebugInfo, SourceLocation } from "./debug-info.js";
import { DebugSections } from "./dwarf/debug-sections.js";
import { Dwarf, NOWHERE } from "./dwarf/dwarf.js";
import { AddressSpace, signedAddress } from "./elf/address-space.js";
import { readBuildId } from "./elf/build-id.js";
import { mayHaveKernelSize } from "./elf/kernel-symbol-size.js";
import { type MemorySymbol, SymbolTable } from "./elf/symbol-table.js";
import { STT_FUNC, STT_GNU_IFUNC } from "./elf/symbols.js";
import { ElfError, type ElfFile, EM_386, EM_X86_64, machineName, parseElf } from "./elf.js";
import type { FunctionRecord } from "./function-record.js";
import { functionRecords } from "./function-records.js";

/** A unit of compilation: as a rule a source file with all that it includes. */
export interface CompiledUnit {
  /** The source file, as it was named to the compiler. */
  readonly name: string | undefined;
  /** What relative paths start from. */
  readonly compilationFolder: string | undefined;
  /** The compiler, as it names itself. */
  readonly producer: string | undefined;
}

/** Above that, no unit is read only to find a function by the name that the source has for it. */
const LARGEST_SEARCHED_INFO = 16 * 2 ** 20;

/**
 * An ELF file with the debug information in it: a module, a `vmlinux`, a program. Opening it
 * reads headers and symbols; the debug information is read as far as a question needs it.
 *
 * {@link locate}, {@link functions} and {@link units} throw DwarfError, or ElfError, where the
 * debug information turns out to be damaged.
 */
export class DebugFile implements DebugInfo {
  readonly elf: ElfFile;
  readonly bits: 32 | 64;
  /** For readers of line tables that need more than {@link locate}. */
  readonly dwarf: Dwarf;
  readonly space: AddressSpace;
  readonly symbolTable: SymbolTable;

  /** Use {@link openDebugFile}. */
  constructor(elf: ElfFile) {
    this.elf = elf;
    this.bits = elf.bits;
    this.space = new AddressSpace(elf);
    this.symbolTable = new SymbolTable(elf, this.space);
    this.dwarf = new Dwarf(new DebugSections(elf, this.space));
  }

  /** Without it only names are found, not lines. */
  get hasDebugInfo(): boolean {
    return this.dwarf.sections.has("info");
  }

  /** @throws DwarfError `no-debug-info`, which says what to do. */
  requireDebugInfo(): void {
    this.dwarf.require();
  }

  /** In hexadecimal digits; undefined where the linker made none. */
  get buildId(): string | undefined {
    return readBuildId(this.elf);
  }

  sectionName(section: number): string | undefined {
    return this.elf.sections[section]?.name;
  }

  /** The units of compilation, in the order of the file. */
  units(): CompiledUnit[] {
    this.dwarf.sections.budget.refill();
    return this.dwarf.units.map(({ name, compilationFolder, producer }) => ({
      name,
      compilationFolder,
      producer,
    }));
  }

  /** The functions of the symbol table, ordered by address. */
  *symbols(): Generator<CodeSymbol> {
    for (const symbol of this.symbolTable.all) {
      if (!this.space.hasCode(symbol.section)) continue;
      const found = this.#codeSymbol(symbol);
      if (found !== undefined) yield found;
    }
  }

  resolve(symbol: string, offset: number, size?: number): CodePlace | undefined {
    const candidates = this.symbolTable
      .named(symbol)
      .filter(({ section }) => this.space.hasCode(section));
    const fitting = candidates.filter((candidate) => this.#mayHaveSize(candidate, size));
    const isFunction = ({ type }: MemorySymbol): boolean =>
      type === STT_FUNC || type === STT_GNU_IFUNC;
    const exact = fitting.find((candidate) => candidate.size === size);
    const chosen = exact ?? fitting.find(isFunction) ?? fitting[0];
    const start = candidates.length === 0 ? this.#startOfNamed(symbol, size) : chosen?.address;
    if (start === undefined) return undefined;
    const place = this.space.placeOf(start);
    if (place === undefined) return undefined;
    const moved = { section: place.section, offset: place.offset + offset };
    // A return address may lie right behind a function that ends with a call.
    const end = this.elf.sections[place.section]?.size ?? 0;
    return moved.offset >= 0 && moved.offset <= end ? moved : undefined;
  }

  placeOf(address: bigint): CodePlace | undefined {
    return this.space.relocatable ? undefined : this.space.placeOf(signedAddress(address));
  }

  symbolAt(place: CodePlace): CodeSymbol | undefined {
    const address = this.space.addressOf(place);
    const symbol = address === undefined ? undefined : this.symbolTable.find(address);
    return symbol && this.#codeSymbol(symbol);
  }

  /**
   * The same as `llvm-symbolizer --inlines` prints: the debug information's inline chain,
   * but the outermost function by the name that the symbol table has for it.
   */
  locate(place: CodePlace): SourceLocation[] {
    const address = this.space.addressOf(place);
    if (address === undefined) return [];
    this.dwarf.sections.budget.refill();
    const chain = this.hasDebugInfo ? this.dwarf.locate(address) : [];
    const symbol = this.symbolTable.find(address);
    if (symbol === undefined) return chain;
    const outermost = chain.pop() ?? { function: "", ...NOWHERE };
    const file =
      outermost.file === NOWHERE.file
        ? (this.symbolTable.sourceFile(symbol) ?? outermost.file)
        : outermost.file;
    return [...chain, { ...outermost, function: this.symbolTable.name(symbol), file }];
  }

  code({ section, offset }: CodePlace, length: number): Uint8Array {
    const header = this.elf.sections[section];
    if (header === undefined || offset < 0) return new Uint8Array();
    return this.elf.read(header).subarray(offset, offset + length);
  }

  /**
   * All that is known of the code, ordered by address: see {@link FunctionRecord}. Together
   * with `locateInFunction` the records say the same as {@link locate}.
   */
  functions(): Generator<FunctionRecord> {
    return functionRecords(this.dwarf, this.space, this.symbolTable);
  }

  #codeSymbol(symbol: MemorySymbol): CodeSymbol | undefined {
    const { address, size } = symbol;
    const place = this.space.placeOf(address);
    if (place === undefined) return undefined;
    const sectionEnd = this.elf.sections[place.section]?.size ?? 0;
    const next = this.symbolTable.nextAddress(address) ?? Number.POSITIVE_INFINITY;
    const room = Math.min(next - address, sectionEnd - place.offset);
    return { name: this.symbolTable.name(symbol), place, size: size === 0 ? room : size };
  }

  /** A function that the source names otherwise than the linker, or whose symbol was stripped. */
  #startOfNamed(name: string, size: number | undefined): number | undefined {
    const { dwarf } = this;
    if (dwarf.sections.bytes("info").length > LARGEST_SEARCHED_INFO) return undefined;
    dwarf.sections.budget.refill();
    for (const unit of dwarf.units) {
      const code = dwarf.codeOf(unit);
      const { map } = code.subroutines;
      for (let at = 0; at < map.values.length; at++) {
        const subroutine = map.values[at] ?? 0;
        if (code.subroutines.call(subroutine) !== undefined) continue;
        if (dwarf.subroutineName(code, subroutine) !== name) continue;
        const start = map.starts[at] ?? 0;
        const linkers = this.symbolTable.find(start);
        if (linkers === undefined || this.#mayHaveSize(linkers, size)) return start;
      }
    }
    return undefined;
  }

  #mayHaveSize(symbol: MemorySymbol, size: number | undefined): boolean {
    if (size === undefined) return true;
    return mayHaveKernelSize(this.elf, this.space, this.symbolTable, symbol, size);
  }
}

/**
 * Opens an ELF file of an x86 machine, 32 or 64 bits, relocatable or linked.
 * @param bytes are kept, and must not change.
 * @throws ElfError when they are no such file. A file without debug information can be opened:
 *   see {@link DebugFile.hasDebugInfo}.
 */
export function openDebugFile(bytes: Uint8Array): DebugFile {
  const elf = parseElf(bytes);
  if (elf.machine !== EM_386 && elf.machine !== EM_X86_64) {
    throw new ElfError(
      "unsupported-elf",
      `The file is for ${machineName(elf.machine)}; debug information is read for i386 and x86-64.`,
    );
  }
  return new DebugFile(elf);
}
