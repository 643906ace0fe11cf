import { type ByteReader, stringAt } from "../byte-reader.js";
import type { Abbreviation, AbbreviationTable } from "./abbreviations.js";
import {
  DW_AT_addr_base,
  DW_AT_comp_dir,
  DW_AT_GNU_addr_base,
  DW_AT_high_pc,
  DW_AT_low_pc,
  DW_AT_name,
  DW_AT_producer,
  DW_AT_ranges,
  DW_AT_rnglists_base,
  DW_AT_stmt_list,
  DW_AT_str_offsets_base,
  DW_FORM_addr,
  DW_FORM_addrx,
  DW_FORM_addrx1,
  DW_FORM_addrx2,
  DW_FORM_addrx3,
  DW_FORM_addrx4,
  DW_FORM_GNU_addr_index,
  DW_FORM_GNU_ref_alt,
  DW_FORM_GNU_str_index,
  DW_FORM_GNU_strp_alt,
  DW_FORM_line_strp,
  DW_FORM_ref_addr,
  DW_FORM_ref_sig8,
  DW_FORM_ref_sup4,
  DW_FORM_ref_sup8,
  DW_FORM_string,
  DW_FORM_strp,
  DW_FORM_strp_sup,
  DW_FORM_strx,
  DW_FORM_strx1,
  DW_FORM_strx2,
  DW_FORM_strx3,
  DW_FORM_strx4,
} from "./constants.js";
import type { DebugSections } from "./debug-sections.js";
import { corruptSection, DwarfError } from "./dwarf-error.js";
import { type FormValue, readAddress, readForm, readOffset } from "./forms.js";
import { readRanges } from "./ranges.js";
import type { UnitHeader } from "./unit-header.js";

/** What a unit needs to know of the others. */
export interface UnitContext {
  readonly sections: DebugSections;
  abbreviations(unit: UnitHeader): AbbreviationTable;
  /** The unit that a byte of .debug_info belongs to. */
  unitAt(offset: number): Unit | undefined;
}

/** What the unit's first entry says, as far as it matters here: DWARF 5, 3.1.1. */
interface Root {
  readonly name: FormValue | undefined;
  readonly compilationFolder: FormValue | undefined;
  readonly producer: FormValue | undefined;
  readonly lowPc: FormValue | undefined;
  readonly highPc: FormValue | undefined;
  readonly ranges: FormValue | undefined;
  readonly lineProgram: number | undefined;
  /** Where the unit's part of .debug_addr, .debug_str_offsets and .debug_rnglists begins. */
  readonly addressBase: number;
  readonly stringBase: number;
  readonly rangeListBase: number;
}

const corrupt = corruptSection(".debug_info");

/** A unit of .debug_info, with what its values mean. */
export class Unit {
  readonly header: UnitHeader;
  readonly context: UnitContext;
  #root: Root | undefined;

  constructor(header: UnitHeader, context: UnitContext) {
    this.header = header;
    this.context = context;
  }

  get name(): string | undefined {
    return this.string(this.#attributes().name);
  }

  /** DW_AT_comp_dir: what relative paths start from. */
  get compilationFolder(): string | undefined {
    return this.string(this.#attributes().compilationFolder);
  }

  get producer(): string | undefined {
    return this.string(this.#attributes().producer);
  }

  /** Where its line program begins in .debug_line. */
  get lineProgram(): number | undefined {
    return this.#attributes().lineProgram;
  }

  get rangeListBase(): number {
    return this.#attributes().rangeListBase;
  }

  /** What the offsets in its lists of ranges count from: DWARF 5, 3.1.1. */
  get baseAddress(): number {
    const { lowPc } = this.#attributes();
    return lowPc === undefined ? 0 : (this.address(lowPc) ?? 0);
  }

  /** Pairs of first and past-the-end address of its code; empty where it does not say. */
  ranges(): number[] {
    const { lowPc, highPc, ranges } = this.#attributes();
    return this.entryRanges(lowPc, highPc, ranges);
  }

  /** The addresses of an entry, from its attributes DW_AT_low_pc, _high_pc and _ranges: 2.17. */
  entryRanges(
    lowPc: FormValue | undefined,
    highPc: FormValue | undefined,
    ranges: FormValue | undefined,
  ): number[] {
    const low = lowPc && this.address(lowPc);
    if (low !== undefined && highPc !== undefined && low !== this.tombstone) {
      const end = this.address(highPc) ?? low + highPc.value;
      return [low, end];
    }
    return ranges === undefined ? [] : readRanges(this, ranges);
  }

  /** What a linker writes for the address of code that it threw away. */
  get tombstone(): number {
    return this.header.addressSize === 4 ? 0xffff_ffff : -1;
  }

  /** A reader of the unit's entries, from an offset in the section on. */
  reader(offset: number): ByteReader {
    const { firstEntry, end } = this.header;
    if (!(offset >= firstEntry && offset <= end)) {
      throw corrupt(`an entry at ${offset} lies outside of its unit`);
    }
    return this.context.sections.reader("info").slice(offset, end);
  }

  abbreviations(): AbbreviationTable {
    return this.context.abbreviations(this.header);
  }

  /** The string that a value stands for; undefined where it leads nowhere. */
  string(value: FormValue | undefined): string | undefined {
    if (value === undefined) return undefined;
    const { sections } = this.context;
    switch (value.form) {
      case DW_FORM_string:
        return stringAt(sections.bytes("info"), value.value);
      case DW_FORM_strp:
        return stringAt(sections.bytes("str"), value.value);
      case DW_FORM_line_strp:
        return stringAt(sections.bytes("line_str"), value.value);
      case DW_FORM_strx:
      case DW_FORM_strx1:
      case DW_FORM_strx2:
      case DW_FORM_strx3:
      case DW_FORM_strx4:
      case DW_FORM_GNU_str_index: {
        const { offsetSize } = this.header;
        const at = this.#attributes().stringBase + value.value * offsetSize;
        const offset = readOffset(sections.reader("str_offsets", at), offsetSize);
        return stringAt(sections.bytes("str"), offset);
      }
      case DW_FORM_strp_sup:
      case DW_FORM_GNU_strp_alt:
        throw supplementaryFile();
      default:
        return undefined;
    }
  }

  /** The address that a value stands for; undefined where it is of another class. */
  address({ form, value }: FormValue): number | undefined {
    switch (form) {
      case DW_FORM_addr:
        return value;
      case DW_FORM_addrx:
      case DW_FORM_addrx1:
      case DW_FORM_addrx2:
      case DW_FORM_addrx3:
      case DW_FORM_addrx4:
      case DW_FORM_GNU_addr_index:
        return this.indexedAddress(value);
      default:
        return undefined;
    }
  }

  /** An address of the unit's part of .debug_addr: DWARF 5, 7.27. */
  indexedAddress(index: number): number {
    const { addressSize } = this.header;
    const at = this.#attributes().addressBase + index * addressSize;
    return readAddress(this.context.sections.reader("addr", at), addressSize);
  }

  /** The entry that a value refers to, as an offset in the section: DWARF 5, 7.5.5. */
  reference({ form, value }: FormValue): number | undefined {
    switch (form) {
      case DW_FORM_ref_addr:
        return value;
      case DW_FORM_ref_sig8:
        return undefined;
      case DW_FORM_GNU_ref_alt:
      case DW_FORM_ref_sup4:
      case DW_FORM_ref_sup8:
        throw supplementaryFile();
      default:
        return this.header.offset + value;
    }
  }

  #attributes(): Root {
    this.#root ??= this.#readRoot();
    return this.#root;
  }

  #readRoot(): Root {
    const { firstEntry, end, offsetSize, version } = this.header;
    const values = new Map<number, FormValue>();
    if (firstEntry < end) {
      const reader = this.reader(firstEntry);
      const code = reader.uleb128();
      const abbreviation = code === 0 ? undefined : this.abbreviations().find(code);
      readAttributes(reader, abbreviation, this.header, values);
    }
    // Without a base the table's header is passed over: DWARF 5, 7.26 to 7.28.
    const header = version >= 5 ? (offsetSize === 4 ? 8 : 16) : 0;
    const addressBase = values.get(DW_AT_addr_base) ?? values.get(DW_AT_GNU_addr_base);
    return {
      name: values.get(DW_AT_name),
      compilationFolder: values.get(DW_AT_comp_dir),
      producer: values.get(DW_AT_producer),
      lowPc: values.get(DW_AT_low_pc),
      highPc: values.get(DW_AT_high_pc),
      ranges: values.get(DW_AT_ranges),
      lineProgram: values.get(DW_AT_stmt_list)?.value,
      addressBase: addressBase?.value ?? header,
      stringBase: values.get(DW_AT_str_offsets_base)?.value ?? header,
      rangeListBase: values.get(DW_AT_rnglists_base)?.value ?? (offsetSize === 4 ? 12 : 20),
    };
  }
}

function readAttributes(
  reader: ByteReader,
  abbreviation: Abbreviation | undefined,
  header: UnitHeader,
  values: Map<number, FormValue>,
): void {
  const attributes = abbreviation?.attributes ?? [];
  for (let at = 0; at < attributes.length; at += 3) {
    const name = attributes[at] ?? 0;
    const value = readForm(reader, attributes[at + 1] ?? 0, attributes[at + 2] ?? 0, header);
    if (!values.has(name)) values.set(name, value);
  }
}

function supplementaryFile(): DwarfError {
  return new DwarfError(
    "supplementary-file",
    "A part of the debug information was moved to a supplementary file (dwz -m, .gnu_debugaltlink), which is not read here: give the file as the compiler wrote it.",
  );
}
