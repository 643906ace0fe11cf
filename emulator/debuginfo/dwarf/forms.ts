import type { ByteReader } from "../byte-reader.js";
import {
  DW_FORM_addr,
  DW_FORM_addrx,
  DW_FORM_addrx1,
  DW_FORM_addrx2,
  DW_FORM_addrx3,
  DW_FORM_addrx4,
  DW_FORM_block,
  DW_FORM_block1,
  DW_FORM_block2,
  DW_FORM_block4,
  DW_FORM_data1,
  DW_FORM_data2,
  DW_FORM_data4,
  DW_FORM_data8,
  DW_FORM_data16,
  DW_FORM_exprloc,
  DW_FORM_flag,
  DW_FORM_flag_present,
  DW_FORM_GNU_addr_index,
  DW_FORM_GNU_ref_alt,
  DW_FORM_GNU_str_index,
  DW_FORM_GNU_strp_alt,
  DW_FORM_implicit_const,
  DW_FORM_indirect,
  DW_FORM_line_strp,
  DW_FORM_loclistx,
  DW_FORM_ref_addr,
  DW_FORM_ref_sig8,
  DW_FORM_ref_sup4,
  DW_FORM_ref_sup8,
  DW_FORM_ref_udata,
  DW_FORM_ref1,
  DW_FORM_ref2,
  DW_FORM_ref4,
  DW_FORM_ref8,
  DW_FORM_rnglistx,
  DW_FORM_sdata,
  DW_FORM_sec_offset,
  DW_FORM_string,
  DW_FORM_strp,
  DW_FORM_strp_sup,
  DW_FORM_strx,
  DW_FORM_strx1,
  DW_FORM_strx2,
  DW_FORM_strx3,
  DW_FORM_strx4,
  DW_FORM_udata,
} from "./constants.js";
import { DwarfError } from "./dwarf-error.js";

/** What the sizes of forms depend on: DWARF 5, 7.5.1 and 7.4. */
export interface Encoding {
  readonly version: number;
  /** In bytes. */
  readonly addressSize: 4 | 8;
  /** In bytes: 4 in the 32-bit DWARF format, 8 in the 64-bit one. */
  readonly offsetSize: 4 | 8;
}

/** The forms of an indirect form that follow each other. One is all that makes sense. */
const MOST_INDIRECTIONS = 4;

/** The bytes that a form takes whatever its value; undefined where that depends on it. */
export function fixedFormSize(form: number, encoding: Encoding): number | undefined {
  switch (form) {
    case DW_FORM_flag_present:
    case DW_FORM_implicit_const:
      return 0;
    case DW_FORM_data1:
    case DW_FORM_flag:
    case DW_FORM_ref1:
    case DW_FORM_strx1:
    case DW_FORM_addrx1:
      return 1;
    case DW_FORM_data2:
    case DW_FORM_ref2:
    case DW_FORM_strx2:
    case DW_FORM_addrx2:
      return 2;
    case DW_FORM_strx3:
    case DW_FORM_addrx3:
      return 3;
    case DW_FORM_data4:
    case DW_FORM_ref4:
    case DW_FORM_ref_sup4:
    case DW_FORM_strx4:
    case DW_FORM_addrx4:
      return 4;
    case DW_FORM_data8:
    case DW_FORM_ref8:
    case DW_FORM_ref_sig8:
    case DW_FORM_ref_sup8:
      return 8;
    case DW_FORM_data16:
      return 16;
    case DW_FORM_addr:
      return encoding.addressSize;
    case DW_FORM_ref_addr:
      // DWARF 2 had the size of an address here.
      return encoding.version <= 2 ? encoding.addressSize : encoding.offsetSize;
    case DW_FORM_strp:
    case DW_FORM_line_strp:
    case DW_FORM_sec_offset:
    case DW_FORM_strp_sup:
    case DW_FORM_GNU_ref_alt:
    case DW_FORM_GNU_strp_alt:
      return encoding.offsetSize;
    default:
      return undefined;
  }
}

/** Moves behind the value of a form whose size is not fixed. */
function skipVariableForm(reader: ByteReader, form: number, encoding: Encoding): void {
  switch (form) {
    case DW_FORM_udata:
    case DW_FORM_sdata:
    case DW_FORM_ref_udata:
    case DW_FORM_strx:
    case DW_FORM_addrx:
    case DW_FORM_loclistx:
    case DW_FORM_rnglistx:
    case DW_FORM_GNU_addr_index:
    case DW_FORM_GNU_str_index:
      reader.skipLeb128();
      return;
    case DW_FORM_string:
      reader.skipString();
      return;
    case DW_FORM_block:
    case DW_FORM_exprloc:
      reader.skip(reader.uleb128());
      return;
    case DW_FORM_block1:
      reader.skip(reader.u8());
      return;
    case DW_FORM_block2:
      reader.skip(reader.u16());
      return;
    case DW_FORM_block4:
      reader.skip(reader.u32());
      return;
    case DW_FORM_indirect:
      skipForm(reader, directForm(reader), encoding);
      return;
    default:
      throw unknownForm(form);
  }
}

/** Moves behind the value of a form. */
export function skipForm(reader: ByteReader, form: number, encoding: Encoding): void {
  const size = fixedFormSize(form, encoding);
  if (size === undefined) skipVariableForm(reader, form, encoding);
  else reader.skip(size);
}

/** Moves behind all attributes of an entry: see `Abbreviation.skips`. */
export function skipAttributes(
  reader: ByteReader,
  skips: readonly number[],
  encoding: Encoding,
): void {
  for (let at = 0; at < skips.length; at += 2) {
    reader.skip(skips[at] ?? 0);
    const form = skips[at + 1] ?? 0;
    if (form !== 0) skipVariableForm(reader, form, encoding);
  }
}

/**
 * The value of an attribute as it stands in the file: DWARF 5, 7.5.6. What it means depends
 * on the form: a number, an index into a table, an offset in a section.
 */
export interface FormValue {
  /** Never DW_FORM_indirect. */
  readonly form: number;
  /** For strings and blocks in place: where they begin. */
  readonly value: number;
}

/** Reads a value and moves behind it. */
export function readForm(
  reader: ByteReader,
  form: number,
  implicit: number,
  encoding: Encoding,
): FormValue {
  if (form === DW_FORM_indirect) {
    return readForm(reader, directForm(reader), 0, encoding);
  }
  return { form, value: readValue(reader, form, implicit, encoding) };
}

function readValue(reader: ByteReader, form: number, implicit: number, encoding: Encoding): number {
  switch (form) {
    case DW_FORM_implicit_const:
      return implicit;
    case DW_FORM_flag_present:
      return 1;
    case DW_FORM_addr:
      return readAddress(reader, encoding.addressSize);
    case DW_FORM_sdata:
      return reader.sleb128();
    case DW_FORM_udata:
    case DW_FORM_ref_udata:
    case DW_FORM_strx:
    case DW_FORM_addrx:
    case DW_FORM_loclistx:
    case DW_FORM_rnglistx:
    case DW_FORM_GNU_addr_index:
    case DW_FORM_GNU_str_index:
      return reader.uleb128();
  }
  switch (fixedFormSize(form, encoding)) {
    case 1:
      return reader.u8();
    case 2:
      return reader.u16();
    case 3:
      return reader.u24();
    case 4:
      return reader.u32();
    case 8:
      return reader.u64();
    default: {
      const start = reader.position;
      skipForm(reader, form, encoding);
      return start;
    }
  }
}

/** An address as AddressSpace counts. */
export function readAddress(reader: ByteReader, size: 4 | 8): number {
  return size === 4 ? reader.u32() : reader.i64();
}

/** An offset in a section, of the size that the unit's format has. */
export function readOffset(reader: ByteReader, size: 4 | 8): number {
  return size === 4 ? reader.u32() : reader.u64();
}

function directForm(reader: ByteReader): number {
  for (let step = 0; step < MOST_INDIRECTIONS; step++) {
    const form = reader.uleb128();
    // Its value would stand in the abbreviation, which names no form here.
    if (form === DW_FORM_implicit_const) throw unknownForm(form);
    if (form !== DW_FORM_indirect) return form;
  }
  throw new DwarfError("corrupt-dwarf", "A form in .debug_info only ever names another form.");
}

function unknownForm(form: number): DwarfError {
  return new DwarfError(
    "unsupported-dwarf",
    `The debug information has a value of form 0x${form.toString(16)}, which DWARF 5 does not know.`,
  );
}
