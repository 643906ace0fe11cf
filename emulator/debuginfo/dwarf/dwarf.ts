import { BoundedCache } from "../bounded-cache.js";
import type { SourceLocation } from "../debug-info.js";
import { lastNotAbove } from "../sorted.js";
import { AbbreviationTable } from "./abbreviations.js";
import type { DebugSections } from "./debug-sections.js";
import { DwarfError } from "./dwarf-error.js";
import { runLineProgram } from "./line-program.js";
import type { LineTable } from "./line-table.js";
import { subroutineName } from "./subroutine-name.js";
import { readSubroutines, type Subroutines } from "./subroutines.js";
import { Unit, type UnitContext } from "./unit.js";
import { readUnitHeaders, type UnitHeader } from "./unit-header.js";
import { UnitIndex } from "./unit-index.js";

/**
 * What is kept of the units that were read last. All of a kernel for a small machine fits, so
 * that each of its units is read once.
 */
const CACHED_SUBROUTINES = 48 * 2 ** 20;
const CACHED_LINES = 96 * 2 ** 20;
/** A table of abbreviations takes some 50 KiB; what is kept of them makes up for crossing units. */
const CACHED_ABBREVIATIONS = 64;
/** A kernel for a small machine has some 50,000 names of functions that count. */
const CACHED_NAMES = 16 * 2 ** 20;

/** What stands for a name or a file that is not known, as in llvm-symbolizer's output. */
export const UNKNOWN = "??";

/** The subroutines of a unit, with its line table where it has one. */
export interface UnitCode {
  readonly unit: Unit;
  readonly subroutines: Subroutines;
  readonly lines: LineTable | undefined;
}

/**
 * The debug information of a file. Addresses are those of its AddressSpace. Nothing is read
 * before it is asked for: first an index of the units, then the units that have the answer.
 *
 * Every method throws DwarfError where the debug information is damaged, or ElfError where a
 * section of it cannot be decompressed or relocated.
 */
export class Dwarf implements UnitContext {
  readonly sections: DebugSections;
  #units: readonly Unit[] | undefined;
  #offsets = new Float64Array();
  #index: UnitIndex | undefined;
  readonly #abbreviations = new BoundedCache<
    string,
    { readonly bytes: number; readonly table: AbbreviationTable }
  >(CACHED_ABBREVIATIONS);
  readonly #subroutines = new BoundedCache<number, Subroutines>(CACHED_SUBROUTINES);
  readonly #lineTables = new BoundedCache<string, LineTable>(CACHED_LINES);
  /** By offset of the entry in .debug_info. */
  readonly #names = new BoundedCache<number, { readonly bytes: number; readonly name: string }>(
    CACHED_NAMES,
  );

  constructor(sections: DebugSections) {
    this.sections = sections;
  }

  /** The units that may have code, in the order of the file. */
  get units(): readonly Unit[] {
    if (this.#units === undefined) {
      const headers = readUnitHeaders(this.sections);
      this.#offsets = Float64Array.from(headers, ({ offset }) => offset);
      this.#units = headers.map((header) => new Unit(header, this));
    }
    return this.#units;
  }

  get index(): UnitIndex {
    this.#index ??= new UnitIndex(this.sections, this.units);
    return this.#index;
  }

  unitAt(offset: number): Unit | undefined {
    const unit = this.units[lastNotAbove(this.#offsets, offset)];
    return unit !== undefined && offset < unit.header.end ? unit : undefined;
  }

  abbreviations(header: UnitHeader): AbbreviationTable {
    const { abbreviations, version, addressSize, offsetSize } = header;
    const key = `${abbreviations}/${version}/${addressSize}/${offsetSize}`;
    const make = (): AbbreviationTable =>
      new AbbreviationTable(this.sections, abbreviations, { version, addressSize, offsetSize });
    return this.#abbreviations.get(key, () => ({ bytes: 1, table: make() })).table;
  }

  subroutines(unit: Unit): Subroutines {
    return this.#subroutines.get(unit.header.offset, () => readSubroutines(unit));
  }

  /** Undefined for a unit without code of its own. */
  lineTable(unit: Unit): LineTable | undefined {
    const { lineProgram } = unit;
    if (lineProgram === undefined) return undefined;
    // Units may share a program, but what its paths are relative to is the unit's.
    const key = `${lineProgram}/${unit.compilationFolder ?? ""}`;
    return this.#lineTables.get(key, () => runLineProgram(unit, lineProgram));
  }

  /** What the unit that has code at an address says; undefined where none has. */
  codeAt(address: number): UnitCode | undefined {
    const offset = this.index.find(address);
    const unit = offset === undefined ? undefined : this.unitAt(offset);
    return unit && this.codeOf(unit);
  }

  codeOf(unit: Unit): UnitCode {
    return { unit, subroutines: this.subroutines(unit), lines: this.lineTable(unit) };
  }

  /** The name of a subroutine; `??` where it has none. */
  subroutineName({ unit, subroutines }: UnitCode, subroutine: number): string {
    const entry = subroutines.entry(subroutine);
    return this.#names.get(entry, () => {
      const name = subroutineName(unit, entry) ?? UNKNOWN;
      return { bytes: 64 + name.length, name };
    }).name;
  }

  /** Throws unless the file has debug information. */
  require(): void {
    if (this.sections.has("info")) return;
    throw new DwarfError(
      "no-debug-info",
      "The file has no debug information: build with CONFIG_DEBUG_INFO (gcc -g), or give the file as it was before it was stripped.",
    );
  }

  /**
   * The inline chain of an address, innermost first: what llvm-symbolizer finds before it
   * looks at the symbol table. Empty where neither a subroutine nor a line is known.
   */
  locate(address: number): SourceLocation[] {
    const code = this.codeAt(address);
    if (code === undefined) return [];
    const { subroutines, lines } = code;
    const row = lines?.rowAt(address);
    const chain = subroutines.chainAt(address);
    let at = lines === undefined || row === undefined ? undefined : rowPosition(lines, row);
    if (chain.length === 0) return at === undefined ? [] : [{ function: UNKNOWN, ...at }];
    return chain.map((subroutine) => {
      const name = this.subroutineName(code, subroutine);
      const location = { function: name, ...(at ?? NOWHERE) };
      const call = subroutines.call(subroutine);
      at = call && {
        file: lines?.path(call.file) ?? UNKNOWN,
        line: call.line,
        column: call.column,
      };
      return location;
    });
  }
}

type SourcePosition = Omit<SourceLocation, "function">;

export const NOWHERE: SourcePosition = { file: UNKNOWN, line: 0, column: 0 };

/** A row whose file does not exist says nothing, neither for llvm-symbolizer. */
export function rowPosition(lines: LineTable, row: number): SourcePosition | undefined {
  const { rows } = lines;
  const file = lines.path(rows.files[row] ?? 0);
  if (file === undefined) return undefined;
  return { file, line: rows.lines[row] ?? 0, column: rows.columns[row] ?? 0 };
}
