import { type ByteReader, stringAt } from "../byte-reader.js";
import {
  DW_FORM_block,
  DW_FORM_data1,
  DW_FORM_data2,
  DW_FORM_data4,
  DW_FORM_data8,
  DW_FORM_data16,
  DW_FORM_line_strp,
  DW_FORM_string,
  DW_FORM_strp,
  DW_FORM_strp_sup,
  DW_FORM_strx,
  DW_FORM_strx1,
  DW_FORM_strx2,
  DW_FORM_strx3,
  DW_FORM_strx4,
  DW_FORM_udata,
  DW_LNCT_directory_index,
  DW_LNCT_path,
} from "./constants.js";
import { corruptSection, DwarfError } from "./dwarf-error.js";
import { type Encoding, type FormValue, readForm, readOffset } from "./forms.js";
import type { Unit } from "./unit.js";
import { readInitialLength } from "./unit-header.js";

/** A file of a line table: its name as written there, and the index of its folder. */
export interface LineFile {
  readonly name: string;
  readonly folder: number;
}

/** The header of a line number program: DWARF 5, 6.2.4. */
export interface LineHeader extends Encoding {
  /** Past the last byte of the program, in .debug_line. */
  readonly end: number;
  readonly minimumInstructionLength: number;
  readonly maximumOperations: number;
  readonly defaultIsStatement: boolean;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  /** Operands of each standard opcode; of opcode 1 first. */
  readonly operandCounts: readonly number[];
  /** Folders and files, by the numbers that the table's own version counts with. */
  readonly folders: readonly string[];
  readonly files: LineFile[];
}

const corrupt = corruptSection(".debug_line");

/**
 * @param reader of .debug_line, where the header begins; it is moved to the program.
 * @throws DwarfError
 */
export function readLineHeader(unit: Unit, reader: ByteReader): LineHeader {
  const { length, offsetSize } = readInitialLength(reader);
  const end = reader.position + length;
  if (end > reader.end) throw corrupt("a line number program reaches behind the section's end");
  const version = reader.u16();
  if (version < 2 || version > 5) {
    throw new DwarfError(
      "unsupported-dwarf",
      `A line number program is of version ${version}; versions 2 to 5 are read here.`,
    );
  }
  let { addressSize } = unit.header;
  if (version >= 5) {
    const stated = reader.u8();
    if (stated !== 4 && stated !== 8) throw corrupt(`it has addresses of ${stated} bytes`);
    addressSize = stated;
    // seg_selector_size
    reader.skip(1);
  }
  const headerLength = readOffset(reader, offsetSize);
  const program = reader.position + headerLength;
  if (program > end) throw corrupt("a header reaches behind its program");
  const minimumInstructionLength = reader.u8();
  const maximumOperations = version >= 4 ? reader.u8() : 1;
  const defaultIsStatement = reader.u8() !== 0;
  const lineBase = reader.i8();
  const lineRange = reader.u8();
  const opcodeBase = reader.u8();
  const operandCounts = Array.from({ length: Math.max(0, opcodeBase - 1) }, () => reader.u8());
  const encoding = { version, addressSize, offsetSize };
  const tables = reader.slice(reader.position, program);
  const { folders, files } =
    version >= 5 ? readTables(unit, tables, encoding) : readOldTables(tables);
  reader.seek(program);
  return {
    ...encoding,
    end,
    minimumInstructionLength,
    maximumOperations,
    defaultIsStatement,
    lineBase,
    lineRange,
    opcodeBase,
    operandCounts,
    folders,
    files,
  };
}

/** DWARF 4, 6.2.4: both count from 1; folder 0 is the compilation's. */
function readOldTables(reader: ByteReader): { folders: string[]; files: LineFile[] } {
  const folders: string[] = [""];
  for (let name = inlineString(reader); name !== ""; name = inlineString(reader)) {
    folders.push(name);
  }
  const files: LineFile[] = [{ name: "", folder: 0 }];
  for (let name = inlineString(reader); name !== ""; name = inlineString(reader)) {
    files.push(readOldFile(reader, name));
  }
  return { folders, files };
}

/** What follows a file's name in the tables of DWARF 4, and in DW_LNE_define_file. */
export function readOldFile(reader: ByteReader, name: string): LineFile {
  const folder = reader.uleb128();
  // Time of last modification, and length.
  reader.skipLeb128();
  reader.skipLeb128();
  return { name, folder };
}

/** A string that ends with a NUL; the reader is moved behind it. */
export function inlineString(reader: ByteReader): string {
  const start = reader.position;
  reader.skipString();
  return stringAt(reader.bytes, start) ?? "";
}

/** DWARF 5, 6.2.4, items 12 to 17: tables that describe their own columns; both count from 0. */
function readTables(
  unit: Unit,
  reader: ByteReader,
  encoding: Encoding,
): { folders: string[]; files: LineFile[] } {
  const folders = readTable(unit, reader, encoding).map(({ name }) => name);
  return { folders, files: readTable(unit, reader, encoding) };
}

function readTable(unit: Unit, reader: ByteReader, encoding: Encoding): LineFile[] {
  const columns = Array.from({ length: reader.u8() }, () => ({
    content: reader.uleb128(),
    form: reader.uleb128(),
  }));
  const count = reader.uleb128();
  // Each of the forms that may occur takes at least a byte.
  if (count > 0 && columns.length === 0) throw corrupt("its files have neither name nor folder");
  const files: LineFile[] = [];
  for (let index = 0; index < count; index++) {
    let name = "";
    let folder = 0;
    for (const { content, form } of columns) {
      if (!TABLE_FORMS.has(form)) throw corrupt(`a table of files has a value of form ${form}`);
      const value = readForm(reader, form, 0, encoding);
      if (content === DW_LNCT_path) name = tableString(unit, reader, value);
      else if (content === DW_LNCT_directory_index) folder = value.value;
    }
    files.push({ name, folder });
  }
  return files;
}

/** DWARF 5, 6.2.4.1, and the forms that compilers use besides. */
const TABLE_FORMS: ReadonlySet<number> = new Set([
  DW_FORM_block,
  DW_FORM_data1,
  DW_FORM_data2,
  DW_FORM_data4,
  DW_FORM_data8,
  DW_FORM_data16,
  DW_FORM_line_strp,
  DW_FORM_string,
  DW_FORM_strp,
  DW_FORM_strp_sup,
  DW_FORM_strx,
  DW_FORM_strx1,
  DW_FORM_strx2,
  DW_FORM_strx3,
  DW_FORM_strx4,
  DW_FORM_udata,
]);

function tableString(unit: Unit, reader: ByteReader, value: FormValue): string {
  const { budget } = unit.context.sections;
  const name =
    value.form === DW_FORM_string ? stringAt(reader.bytes, value.value) : unit.string(value);
  // Many files may share one long name.
  budget.spend(name?.length ?? 0);
  return name ?? "";
}
