import type { ByteReader } from "../byte-reader.js";
import {
  DW_FORM_rnglistx,
  DW_RLE_base_address,
  DW_RLE_base_addressx,
  DW_RLE_end_of_list,
  DW_RLE_offset_pair,
  DW_RLE_start_end,
  DW_RLE_start_length,
  DW_RLE_startx_endx,
  DW_RLE_startx_length,
} from "./constants.js";
import { corruptSection } from "./dwarf-error.js";
import { type FormValue, readAddress, readOffset } from "./forms.js";
import type { Unit } from "./unit.js";

/**
 * The list that a DW_AT_ranges leads to: DWARF 5, 2.17.3, and DWARF 4, 2.17.3.
 * @returns pairs of first and past-the-end address, without code that the linker threw away.
 * @throws DwarfError
 */
export function readRanges(unit: Unit, list: FormValue): number[] {
  return unit.header.version >= 5 ? readRangeList(unit, list) : readOldRanges(unit, list.value);
}

/** .debug_ranges: pairs, ended by two zeros; behind the largest address comes a new base. */
function readOldRanges(unit: Unit, offset: number): number[] {
  const { addressSize } = unit.header;
  const { sections } = unit.context;
  const reader = sections.reader("ranges", offset);
  const ranges: number[] = [];
  let base = unit.baseAddress;
  for (;;) {
    sections.budget.spend(2 * addressSize);
    const start = readAddress(reader, addressSize);
    const end = readAddress(reader, addressSize);
    if (start === 0 && end === 0) return ranges;
    if (start === unit.tombstone) base = end;
    else if (base !== unit.tombstone) ranges.push(base + start, base + end);
  }
}

/** .debug_rnglists: DWARF 5, 7.25. */
function readRangeList(unit: Unit, { form, value }: FormValue): number[] {
  const { sections } = unit.context;
  const reader = sections.reader("rnglists", listOffset(unit, form, value));
  const ranges: number[] = [];
  let base = unit.baseAddress;
  for (;;) {
    const start = reader.position;
    const kind = reader.u8();
    if (kind === DW_RLE_end_of_list) return ranges;
    if (kind === DW_RLE_base_addressx) base = unit.indexedAddress(reader.uleb128());
    else if (kind === DW_RLE_base_address) base = readAddress(reader, unit.header.addressSize);
    else {
      const [low, high] = readRange(unit, reader, kind, base);
      if (low !== unit.tombstone) ranges.push(low, high);
    }
    // The addresses may stand elsewhere, so an entry costs more than its bytes.
    sections.budget.spend(8 + reader.position - start);
  }
}

function readRange(
  unit: Unit,
  reader: ByteReader,
  kind: number,
  base: number,
): [low: number, high: number] {
  const { addressSize } = unit.header;
  switch (kind) {
    case DW_RLE_startx_endx: {
      const low = unit.indexedAddress(reader.uleb128());
      return [low, unit.indexedAddress(reader.uleb128())];
    }
    case DW_RLE_startx_length: {
      const low = unit.indexedAddress(reader.uleb128());
      return [low, low + reader.uleb128()];
    }
    case DW_RLE_offset_pair: {
      const low = reader.uleb128();
      const high = reader.uleb128();
      return base === unit.tombstone ? [base, base] : [base + low, base + high];
    }
    case DW_RLE_start_end: {
      const low = readAddress(reader, addressSize);
      return [low, readAddress(reader, addressSize)];
    }
    case DW_RLE_start_length: {
      const low = readAddress(reader, addressSize);
      return [low, low + reader.uleb128()];
    }
    default:
      throw corruptSection(".debug_rnglists")(`it has an entry of kind ${kind}`);
  }
}

/** An index leads to the list through the table of offsets that the unit's base points to. */
function listOffset(unit: Unit, form: number, value: number): number {
  if (form !== DW_FORM_rnglistx) return value;
  const { offsetSize } = unit.header;
  const at = unit.rangeListBase + value * offsetSize;
  const reader = unit.context.sections.reader("rnglists", at);
  return unit.rangeListBase + readOffset(reader, offsetSize);
}
