import type { FunctionRecord, InlinedCall } from "../../../debuginfo/function-record.js";
import { ByteWriter } from "../../../debuginfo/gsym/byte-writer.js";
import { UNKNOWN_FILE } from "../../../debuginfo/gsym/file-table.js";
import { StringTable } from "../../../debuginfo/gsym/string-table.js";
import type { DebugSection } from "./elf-writer.js";
import {
  type CoveredFunction,
  pathFrom,
  UnitFiles,
  writeLineProgram,
} from "./line-program-writer.js";

/**
 * Writes functions, their lines and the calls inlined into them as DWARF 5: the `.debug_`
 * sections of a file for gdb. There are no types and no variables in it.
 */

const DW_TAG_COMPILE_UNIT = 0x11;
const DW_TAG_INLINED_SUBROUTINE = 0x1d;
const DW_TAG_SUBPROGRAM = 0x2e;
const DW_AT_NAME = 0x03;
const DW_AT_STMT_LIST = 0x10;
const DW_AT_LOW_PC = 0x11;
const DW_AT_HIGH_PC = 0x12;
const DW_AT_LANGUAGE = 0x13;
const DW_AT_COMP_DIR = 0x1b;
const DW_AT_INLINE = 0x20;
const DW_AT_PRODUCER = 0x25;
const DW_AT_ABSTRACT_ORIGIN = 0x31;
const DW_AT_RANGES = 0x55;
const DW_AT_CALL_COLUMN = 0x57;
const DW_AT_CALL_FILE = 0x58;
const DW_AT_CALL_LINE = 0x59;
const DW_FORM_ADDR = 0x01;
const DW_FORM_DATA2 = 0x05;
const DW_FORM_DATA1 = 0x0b;
const DW_FORM_STRP = 0x0e;
const DW_FORM_UDATA = 0x0f;
const DW_FORM_REF4 = 0x13;
const DW_FORM_SEC_OFFSET = 0x17;
const DW_UT_COMPILE = 1;
const DW_LANG_C11 = 0x1d;
const DW_INL_INLINED = 1;
const DW_RLE_END_OF_LIST = 0;
const DW_RLE_START_LENGTH = 7;

const CALL = [
  [DW_AT_ABSTRACT_ORIGIN, DW_FORM_REF4],
  [DW_AT_RANGES, DW_FORM_SEC_OFFSET],
  [DW_AT_CALL_FILE, DW_FORM_UDATA],
  [DW_AT_CALL_LINE, DW_FORM_UDATA],
  [DW_AT_CALL_COLUMN, DW_FORM_UDATA],
] as const;

const FUNCTION = [
  [DW_AT_NAME, DW_FORM_STRP],
  [DW_AT_LOW_PC, DW_FORM_ADDR],
  [DW_AT_HIGH_PC, DW_FORM_UDATA],
] as const;

/** Shapes of entries, numbered from 1: 7.5.3. */
const ABBREVIATIONS = {
  unit: {
    code: 1,
    tag: DW_TAG_COMPILE_UNIT,
    children: true,
    attributes: [
      [DW_AT_PRODUCER, DW_FORM_STRP],
      [DW_AT_LANGUAGE, DW_FORM_DATA2],
      [DW_AT_NAME, DW_FORM_STRP],
      [DW_AT_COMP_DIR, DW_FORM_STRP],
      [DW_AT_STMT_LIST, DW_FORM_SEC_OFFSET],
      [DW_AT_LOW_PC, DW_FORM_ADDR],
      [DW_AT_RANGES, DW_FORM_SEC_OFFSET],
    ],
  },
  inlinable: {
    code: 2,
    tag: DW_TAG_SUBPROGRAM,
    children: false,
    attributes: [
      [DW_AT_NAME, DW_FORM_STRP],
      [DW_AT_INLINE, DW_FORM_DATA1],
    ],
  },
  leafFunction: { code: 3, tag: DW_TAG_SUBPROGRAM, children: false, attributes: FUNCTION },
  function: { code: 4, tag: DW_TAG_SUBPROGRAM, children: true, attributes: FUNCTION },
  leafCall: { code: 5, tag: DW_TAG_INLINED_SUBROUTINE, children: false, attributes: CALL },
  call: { code: 6, tag: DW_TAG_INLINED_SUBROUTINE, children: true, attributes: CALL },
} as const;

/** What stands for a name that is not known. */
const UNKNOWN_NAME = "??";

export interface DebugInfoContent {
  readonly bits: 32 | 64;
  /** What is added to the functions' starts. */
  readonly base: bigint;
  /** Where the sources were compiled. */
  readonly folder: string;
  /** Who made this. */
  readonly producer: string;
  readonly functions: Iterable<CoveredFunction>;
}

export function writeDebugInfo(content: DebugInfoContent): DebugSection[] {
  const writer = new DebugInfoWriter(content);
  for (const [file, functions] of byFile(content.functions)) writer.unit(file, functions);
  return writer.sections();
}

/** A function's first row is its opening line, which is in the file that it was compiled from. */
function byFile(functions: Iterable<CoveredFunction>): Map<string, CoveredFunction[]> {
  const files = new Map<string, CoveredFunction[]>();
  for (const covered of functions) {
    const file = covered.record.rows.find((row) => row.file !== UNKNOWN_FILE)?.file;
    if (file === undefined || covered.extent === 0) continue;
    const unit = files.get(file);
    if (unit === undefined) files.set(file, [covered]);
    else unit.push(covered);
  }
  return files;
}

class DebugInfoWriter {
  readonly #content: DebugInfoContent;
  readonly #info = new ByteWriter();
  readonly #lines = new ByteWriter();
  readonly #ranges = new ByteWriter();
  readonly #strings = new StringTable();
  readonly #lineStrings = new StringTable();

  constructor(content: DebugInfoContent) {
    this.#content = content;
    // The header of the only table of ranges, 7.28; its length is set at the end.
    this.#ranges.u32(0);
    this.#ranges.u16(5);
    this.#ranges.u8(content.bits / 8);
    this.#ranges.u8(0);
    this.#ranges.u32(0);
  }

  unit(file: string, functions: readonly CoveredFunction[]): void {
    const { bits, base, folder, producer } = this.#content;
    const files = new UnitFiles(folder, file);
    const info = this.#info;
    const start = info.length;
    info.u32(0);
    info.u16(5);
    info.u8(DW_UT_COMPILE);
    info.u8(bits / 8);
    info.u32(0); // the only table of abbreviations
    info.uleb128(ABBREVIATIONS.unit.code);
    info.u32(this.#strings.offsetOf(producer));
    info.u16(DW_LANG_C11);
    info.u32(this.#strings.offsetOf(pathFrom(folder, file)));
    info.u32(this.#strings.offsetOf(folder));
    info.u32(this.#lines.length);
    this.#address(0n);
    info.u32(
      this.#writeRanges(
        0,
        functions.map(({ record, extent }) => [record.start, record.start + extent]),
      ),
    );
    const origins = this.#writeInlinable(start, functions);
    for (const { record } of functions) this.#writeFunction(record, files, origins);
    info.u8(0);
    info.setU32(start, info.length - start - 4);
    writeLineProgram(this.#lines, bits, base, functions, files, this.#lineStrings);
  }

  sections(): DebugSection[] {
    this.#ranges.setU32(0, this.#ranges.length - 4);
    return [
      { name: ".debug_abbrev", bytes: abbreviations() },
      { name: ".debug_info", bytes: this.#info.bytes },
      { name: ".debug_line", bytes: this.#lines.bytes },
      { name: ".debug_rnglists", bytes: this.#ranges.bytes },
      { name: ".debug_str", bytes: this.#strings.bytes },
      { name: ".debug_line_str", bytes: this.#lineStrings.bytes },
    ];
  }

  /** An entry for each function that is inlined somewhere in the unit; its offsets in the unit. */
  #writeInlinable(start: number, functions: readonly CoveredFunction[]): Map<string, number> {
    const origins = new Map<string, number>();
    const visit = (calls: readonly InlinedCall[]): void => {
      for (const { name, inlined } of calls) {
        if (!origins.has(name)) {
          origins.set(name, this.#info.length - start);
          this.#info.uleb128(ABBREVIATIONS.inlinable.code);
          this.#info.u32(this.#strings.offsetOf(name));
          this.#info.u8(DW_INL_INLINED);
        }
        visit(inlined);
      }
    };
    for (const { record } of functions) visit(record.inlined);
    return origins;
  }

  #writeFunction(
    record: FunctionRecord,
    files: UnitFiles,
    origins: ReadonlyMap<string, number>,
  ): void {
    // Labels of assembly have no size; gdb finds them among the symbols.
    if (record.name === UNKNOWN_NAME || record.size === 0) return;
    const { function: withChildren, leafFunction } = ABBREVIATIONS;
    const hasChildren = record.inlined.length > 0;
    this.#info.uleb128((hasChildren ? withChildren : leafFunction).code);
    this.#info.u32(this.#strings.offsetOf(record.name));
    this.#address(this.#content.base + BigInt(record.start));
    this.#info.uleb128(record.size);
    if (hasChildren) this.#writeCalls(record.inlined, record.start, files, origins);
  }

  #writeCalls(
    calls: readonly InlinedCall[],
    functionStart: number,
    files: UnitFiles,
    origins: ReadonlyMap<string, number>,
  ): void {
    for (const call of calls) {
      const hasChildren = call.inlined.length > 0;
      this.#info.uleb128((hasChildren ? ABBREVIATIONS.call : ABBREVIATIONS.leafCall).code);
      this.#info.u32(origins.get(call.name) ?? 0);
      this.#info.u32(this.#writeRanges(functionStart, call.ranges));
      this.#info.uleb128(files.numberOf(call.callFile));
      this.#info.uleb128(call.callLine);
      this.#info.uleb128(call.callColumn);
      if (hasChildren) this.#writeCalls(call.inlined, functionStart, files, origins);
    }
    this.#info.u8(0);
  }

  /** @returns where the list begins: 7.25. */
  #writeRanges(from: number, ranges: readonly (readonly [number, number])[]): number {
    const offset = this.#ranges.length;
    for (const [start, end] of ranges) {
      this.#ranges.u8(DW_RLE_START_LENGTH);
      this.#address(this.#content.base + BigInt(from + start), this.#ranges);
      this.#ranges.uleb128(end - start);
    }
    this.#ranges.u8(DW_RLE_END_OF_LIST);
    return offset;
  }

  #address(address: bigint, writer: ByteWriter = this.#info): void {
    if (this.#content.bits === 32) writer.u32(Number(address));
    else writer.u64(address);
  }
}

function abbreviations(): Uint8Array {
  const writer = new ByteWriter();
  for (const { code, tag, children, attributes } of Object.values(ABBREVIATIONS)) {
    writer.uleb128(code);
    writer.uleb128(tag);
    writer.u8(children ? 1 : 0);
    for (const [attribute, form] of attributes) {
      writer.uleb128(attribute);
      writer.uleb128(form);
    }
    writer.u16(0);
  }
  writer.u8(0);
  return writer.bytes;
}
