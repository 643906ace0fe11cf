import {
  DW_UT_compile,
  DW_UT_partial,
  DW_UT_skeleton,
  DW_UT_split_compile,
  DW_UT_split_type,
  DW_UT_type,
} from "./constants.js";
import type { DebugSections } from "./debug-sections.js";
import { corruptSection, DwarfError } from "./dwarf-error.js";
import { type Encoding, readOffset } from "./forms.js";

/** The header of a unit in .debug_info: DWARF 5, 7.5.1. */
export interface UnitHeader extends Encoding {
  /** Where the unit begins in the section, and where it ends, exclusive. */
  readonly offset: number;
  readonly end: number;
  /** DW_UT_*; DW_UT_compile for what DWARF 4 and older have. */
  readonly type: number;
  /** Where its abbreviations begin in .debug_abbrev. */
  readonly abbreviations: number;
  /** Where its first entry begins in the section. */
  readonly firstEntry: number;
}

const corrupt = corruptSection(".debug_info");

/**
 * The headers of all units, in the order of the section, without type units: what they
 * describe has no code.
 * @throws DwarfError
 */
export function readUnitHeaders(sections: DebugSections): UnitHeader[] {
  const reader = sections.reader("info");
  const headers: UnitHeader[] = [];
  while (!reader.atEnd) {
    const offset = reader.position;
    const { length, offsetSize } = readInitialLength(reader);
    const end = reader.position + length;
    const version = reader.u16();
    if (version < 2 || version > 5) {
      throw new DwarfError(
        "unsupported-dwarf",
        `A unit in .debug_info is of DWARF version ${version}; versions 2 to 5 are read here.`,
      );
    }
    let type = DW_UT_compile;
    let abbreviations: number;
    let addressSize: number;
    if (version >= 5) {
      type = reader.u8();
      addressSize = reader.u8();
      abbreviations = readOffset(reader, offsetSize);
      if (type === DW_UT_skeleton || type === DW_UT_split_compile) reader.skip(8);
      if (type === DW_UT_type || type === DW_UT_split_type) reader.skip(8 + offsetSize);
    } else {
      abbreviations = readOffset(reader, offsetSize);
      addressSize = reader.u8();
    }
    if (addressSize !== 4 && addressSize !== 8) {
      throw corrupt(`the unit at ${offset} has addresses of ${addressSize} bytes`);
    }
    const firstEntry = reader.position;
    if (firstEntry > end) throw corrupt(`the unit at ${offset} ends inside its header`);
    reader.seek(end);
    if (type === DW_UT_compile || type === DW_UT_partial || type === DW_UT_skeleton) {
      const encoding = { version, addressSize, offsetSize } as const;
      headers.push({ ...encoding, offset, end, type, abbreviations, firstEntry });
    }
  }
  return headers;
}

/**
 * The length that begins a unit, and the size of offsets that it implies: DWARF 5, 7.4.
 * @param reader is moved behind the length.
 */
export function readInitialLength(reader: { u32(): number; u64(): number }): {
  length: number;
  offsetSize: 4 | 8;
} {
  const length = reader.u32();
  return length === 0xffff_ffff
    ? { length: reader.u64(), offsetSize: 8 }
    : { length, offsetSize: 4 };
}
