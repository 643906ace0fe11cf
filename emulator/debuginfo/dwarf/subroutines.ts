import type { ByteReader } from "../byte-reader.js";
import type { Abbreviation } from "./abbreviations.js";
import {
  DW_AT_call_column,
  DW_AT_call_file,
  DW_AT_call_line,
  DW_AT_high_pc,
  DW_AT_low_pc,
  DW_AT_ranges,
  DW_TAG_inlined_subroutine,
  DW_TAG_subprogram,
} from "./constants.js";
import { DwarfError } from "./dwarf-error.js";
import { type FormValue, readForm, skipAttributes, skipForm } from "./forms.js";
import { type RangeMap, RangeMapBuilder } from "./range-map.js";
import type { Unit } from "./unit.js";

/** How deep entries may lie within each other. Real code stays below 100. */
const DEEPEST_NESTING = 4096;

/** Where the call stands that an inlined subroutine replaces: DWARF 5, 3.3.8.2. */
export interface CallSite {
  /** Index into the files of the unit's line table. */
  readonly file: number;
  readonly line: number;
  readonly column: number;
}

/** Addresses with one innermost subroutine, or with none. */
export interface Piece {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly subroutine: number | undefined;
}

/**
 * The functions of a unit and the calls inlined into them, in the order of their entries:
 * what DWARF 5, 3.3, has of them, without names.
 */
export class Subroutines {
  /** From addresses to the innermost subroutine, as an index into the other members. */
  readonly map: RangeMap;
  /** Where the entry stands in .debug_info. */
  readonly #entries: Float64Array;
  /** The subroutine that the entry lies in; -1 for none. */
  readonly #parents: Int32Array;
  /** File, line and column of the call; -1 as file for functions that are not inlined. */
  readonly #calls: Int32Array;

  constructor(
    map: RangeMap,
    entries: readonly number[],
    parents: readonly number[],
    calls: readonly number[],
  ) {
    this.map = map;
    this.#entries = Float64Array.from(entries);
    this.#parents = Int32Array.from(parents);
    this.#calls = Int32Array.from(calls);
  }

  /** About what it takes in memory. */
  get bytes(): number {
    return 24 * this.#entries.length + 20 * this.map.starts.length;
  }

  /** The offset in .debug_info of a subroutine's entry. */
  entry(subroutine: number): number {
    return this.#entries[subroutine] ?? 0;
  }

  /** Undefined for a function that is not inlined here. */
  call(subroutine: number): CallSite | undefined {
    const at = 3 * subroutine;
    const file = this.#calls[at] ?? -1;
    if (file < 0) return undefined;
    return { file, line: (this.#calls[at + 1] ?? 0) >>> 0, column: this.#calls[at + 2] ?? 0 };
  }

  /** The subroutines that an inlined one lies in: itself first, the real function last. */
  chain(subroutine: number): number[] {
    const chain = [subroutine];
    for (let at = subroutine; (this.#calls[3 * at] ?? -1) >= 0; ) {
      at = this.#parents[at] ?? -1;
      if (at < 0) break;
      chain.push(at);
    }
    return chain;
  }

  /**
   * Addresses cut where the innermost subroutine changes: ordered, without gaps.
   * @param end exclusive.
   */
  *pieces(start: number, end: number): Generator<Piece> {
    const { starts, ends, values } = this.map;
    let from = start;
    for (let at = Math.max(0, this.map.indexBefore(start)); from < end; at++) {
      const next = starts[at] ?? Number.POSITIVE_INFINITY;
      if (next > from) {
        const to = Math.min(next, end);
        yield { start: from, end: to, subroutine: undefined };
        from = to;
      }
      // A range may reach past the next one's start, which goes before.
      const after = Math.min(ends[at] ?? 0, starts[at + 1] ?? Number.POSITIVE_INFINITY, end);
      if (from < after) {
        yield { start: from, end: after, subroutine: values[at] };
        from = after;
      }
    }
  }

  /** The inline chain of an address; empty where no subroutine has it. */
  chainAt(address: number): number[] {
    const innermost = this.map.find(address);
    return innermost === undefined ? [] : this.chain(innermost);
  }
}

/**
 * Goes through all entries of a unit and keeps the subroutines.
 * @throws DwarfError
 */
export function readSubroutines(unit: Unit): Subroutines {
  const { header } = unit;
  const { budget } = unit.context.sections;
  const reader = unit.reader(header.firstEntry);
  const abbreviations = unit.abbreviations();
  const entries: number[] = [];
  const parents: number[] = [];
  const calls: number[] = [];
  const map = new RangeMapBuilder();
  /** For each open entry the subroutine outside of it. */
  const outer: number[] = [];
  let current = -1;
  budget.spend(header.end - header.firstEntry);
  while (!reader.atEnd) {
    const offset = reader.position;
    const code = reader.uleb128();
    if (code === 0) {
      current = outer.pop() ?? -1;
      if (outer.length === 0) break;
      continue;
    }
    const abbreviation = abbreviations.find(code);
    const { tag, hasChildren } = abbreviation;
    let inside = current;
    if (tag === DW_TAG_subprogram || tag === DW_TAG_inlined_subroutine) {
      inside = entries.length;
      const entry = readEntry(unit, reader, abbreviation);
      entries.push(offset);
      parents.push(current);
      if (tag === DW_TAG_subprogram) calls.push(-1, 0, 0);
      else calls.push(entry.callFile & 0x7fff_ffff, entry.callLine, entry.callColumn);
      const ranges = unit.entryRanges(entry.lowPc, entry.highPc, entry.ranges);
      // Splitting the map takes longer than reading.
      budget.spend(16 * ranges.length);
      for (let at = 0; at < ranges.length; at += 2) {
        map.add(ranges[at] ?? 0, ranges[at + 1] ?? 0, inside);
      }
    } else {
      skipAttributes(reader, abbreviation.skips, header);
    }
    if (hasChildren) {
      if (outer.length === DEEPEST_NESTING) {
        throw new DwarfError(
          "limit-exceeded",
          `Entries in .debug_info lie more than ${DEEPEST_NESTING} deep within each other.`,
        );
      }
      outer.push(current);
      current = inside;
    } else if (outer.length === 0) {
      break;
    }
  }
  return new Subroutines(map.build(), entries, parents, calls);
}

interface Entry {
  lowPc: FormValue | undefined;
  highPc: FormValue | undefined;
  ranges: FormValue | undefined;
  callFile: number;
  callLine: number;
  callColumn: number;
}

function readEntry(unit: Unit, reader: ByteReader, abbreviation: Abbreviation): Entry {
  const { attributes } = abbreviation;
  const { header } = unit;
  const entry: Entry = {
    lowPc: undefined,
    highPc: undefined,
    ranges: undefined,
    callFile: 0,
    callLine: 0,
    callColumn: 0,
  };
  for (let at = 0; at < attributes.length; at += 3) {
    const form = attributes[at + 1] ?? 0;
    const implicit = attributes[at + 2] ?? 0;
    switch (attributes[at]) {
      case DW_AT_low_pc:
        entry.lowPc ??= readForm(reader, form, implicit, header);
        break;
      case DW_AT_high_pc:
        entry.highPc ??= readForm(reader, form, implicit, header);
        break;
      case DW_AT_ranges:
        entry.ranges ??= readForm(reader, form, implicit, header);
        break;
      case DW_AT_call_file:
        entry.callFile = readForm(reader, form, implicit, header).value;
        break;
      case DW_AT_call_line:
        entry.callLine = readForm(reader, form, implicit, header).value;
        break;
      case DW_AT_call_column:
        entry.callColumn = readForm(reader, form, implicit, header).value;
        break;
      default:
        skipForm(reader, form, header);
    }
  }
  return entry;
}
