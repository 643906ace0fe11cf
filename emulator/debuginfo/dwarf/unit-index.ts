import { lastNotAbove } from "../sorted.js";
import type { DebugSections } from "./debug-sections.js";
import { corruptSection } from "./dwarf-error.js";
import { readAddress, readOffset } from "./forms.js";
import type { Unit } from "./unit.js";
import { readInitialLength } from "./unit-header.js";

interface Endpoint {
  readonly address: number;
  /** Offset of the unit in .debug_info. */
  readonly unit: number;
  readonly begins: boolean;
}

/** A stretch of addresses that one unit has code for. */
export interface UnitExtent {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** Offset of the unit in .debug_info. */
  readonly unit: number;
}

/** Which unit an address belongs to. */
export class UnitIndex {
  /** Ordered; they do not overlap. */
  readonly extents: readonly UnitExtent[];
  readonly #starts: Float64Array;

  /**
   * What .debug_aranges (DWARF 5, 6.1.2) says of the units that it has, and what the other
   * units say of themselves.
   * @throws DwarfError
   */
  constructor(sections: DebugSections, units: readonly Unit[]) {
    const endpoints: Endpoint[] = [];
    const add = (unit: number, start: number, end: number): void => {
      if (start >= end) return;
      endpoints.push({ address: start, unit, begins: true }, { address: end, unit, begins: false });
    };
    const listed = readAddressRanges(sections, add);
    for (const unit of units) {
      const { offset } = unit.header;
      if (listed.has(offset)) continue;
      const ranges = unit.ranges();
      for (let at = 0; at < ranges.length; at += 2) {
        add(offset, ranges[at] ?? 0, ranges[at + 1] ?? 0);
      }
    }
    this.extents = disjoint(endpoints);
    this.#starts = Float64Array.from(this.extents, ({ start }) => start);
  }

  /** The extents that have bytes between two addresses, the second exclusive. */
  *overlapping(start: number, end: number): Generator<UnitExtent> {
    for (let at = Math.max(0, lastNotAbove(this.#starts, start)); ; at++) {
      const extent = this.extents[at];
      if (extent === undefined || extent.start >= end) return;
      if (extent.end > start) yield extent;
    }
  }

  /** @returns the offset of a unit in .debug_info. */
  find(address: number): number | undefined {
    const extent = this.extents[lastNotAbove(this.#starts, address)];
    return extent !== undefined && address < extent.end ? extent.unit : undefined;
  }
}

const corrupt = corruptSection(".debug_aranges");

function readAddressRanges(
  sections: DebugSections,
  add: (unit: number, start: number, end: number) => void,
): Set<number> {
  const reader = sections.reader("aranges");
  const listed = new Set<number>();
  while (!reader.atEnd) {
    const start = reader.position;
    const { length, offsetSize } = readInitialLength(reader);
    const end = reader.position + length;
    const version = reader.u16();
    const unit = readOffset(reader, offsetSize);
    const addressSize = reader.u8();
    const segmentSize = reader.u8();
    if (version !== 2) throw corrupt(`it is of version ${version}, not 2`);
    if ((addressSize !== 4 && addressSize !== 8) || segmentSize !== 0) {
      throw corrupt(`its addresses have ${addressSize} bytes, its segments ${segmentSize}`);
    }
    // The pairs are aligned to their own size, from the beginning of the set.
    const pairSize = 2 * addressSize;
    const header = Math.ceil((reader.position - start) / pairSize) * pairSize;
    reader.seek(start + header);
    while (reader.position + pairSize <= end) {
      const low = readAddress(reader, addressSize);
      const size = addressSize === 4 ? reader.u32() : reader.u64();
      if (low === 0 && size === 0) break;
      add(unit, low, low + size);
    }
    listed.add(unit);
    reader.seek(end);
  }
  return listed;
}

/**
 * Where units overlap, the one goes on that has the bytes in front; else the first in the file
 * is taken. So does LLVM's DWARFDebugAranges.
 */
function disjoint(endpoints: Endpoint[]): UnitExtent[] {
  endpoints.sort((a, b) => a.address - b.address || a.unit - b.unit);
  const extents: UnitExtent[] = [];
  const open = new OpenUnits();
  let previous = Number.NEGATIVE_INFINITY;
  for (const { address, unit, begins } of endpoints) {
    const first = open.first();
    if (previous < address && first !== undefined) {
      const last = extents.at(-1);
      if (last !== undefined && last.end === previous && open.has(last.unit)) {
        extents[extents.length - 1] = { ...last, end: address };
      } else {
        extents.push({ start: previous, end: address, unit: first });
      }
    }
    if (begins) open.open(unit);
    else open.close(unit);
    previous = address;
  }
  return extents;
}

/** The units that have code at a point, each as often as it says so. */
class OpenUnits {
  readonly #counts = new Map<number, number>();
  /** Ascending; as a rule there is one. */
  readonly #ordered: number[] = [];

  first(): number | undefined {
    return this.#ordered[0];
  }

  has(unit: number): boolean {
    return this.#counts.has(unit);
  }

  open(unit: number): void {
    const count = this.#counts.get(unit) ?? 0;
    this.#counts.set(unit, count + 1);
    if (count === 0) this.#ordered.splice(lastNotAbove(this.#ordered, unit) + 1, 0, unit);
  }

  close(unit: number): void {
    const count = this.#counts.get(unit) ?? 0;
    if (count > 1) this.#counts.set(unit, count - 1);
    else if (count === 1) {
      this.#counts.delete(unit);
      this.#ordered.splice(lastNotAbove(this.#ordered, unit), 1);
    }
  }
}
