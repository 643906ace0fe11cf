import { describe, expect, it } from "vitest";
import { abbreviations, CODE, openDwarf, unit } from "../test-support/dwarf-builder.js";
import { ByteWriter } from "../test-support/elf-builder.js";
import {
  DW_AT_abstract_origin,
  DW_AT_high_pc,
  DW_AT_low_pc,
  DW_AT_name,
  DW_AT_ranges,
  DW_AT_specification,
  DW_AT_stmt_list,
  DW_FORM_addr,
  DW_FORM_data4,
  DW_FORM_flag_present,
  DW_FORM_GNU_ref_alt,
  DW_FORM_GNU_strp_alt,
  DW_FORM_implicit_const,
  DW_FORM_indirect,
  DW_FORM_ref_addr,
  DW_FORM_ref4,
  DW_FORM_sec_offset,
  DW_FORM_string,
  DW_FORM_strp,
  DW_FORM_udata,
  DW_TAG_inlined_subroutine,
  DW_TAG_subprogram,
} from "./constants.js";
import { DwarfError, type DwarfErrorCode } from "./dwarf-error.js";

const DW_TAG_compile_unit = 0x11;
const DW_TAG_lexical_block = 0x0b;

/** Of the unit: it has all of the code. */
const UNIT = {
  tag: DW_TAG_compile_unit,
  hasChildren: true,
  attributes: [
    [DW_AT_low_pc, DW_FORM_addr],
    [DW_AT_high_pc, DW_FORM_data4],
  ],
} as const;

const unitEntry = (): ByteWriter => new ByteWriter().uleb(1).u32(CODE).u32(4096);

const PLACE = { section: 1, offset: 8 };

/** The code of the error that a question ends with. */
function refusal(question: () => unknown): DwarfErrorCode | "none" {
  try {
    question();
  } catch (error) {
    if (error instanceof DwarfError) return error.code;
    throw error;
  }
  return "none";
}

describe("a hostile file", () => {
  it("has names that refer to each other in a circle", () => {
    const info = unit(
      4,
      unitEntry()
        .uleb(2)
        .u32(CODE)
        .u32(16)
        .u32(11 + 9)
        .uleb(0),
    );
    const file = openDwarf({
      abbrev: abbreviations(UNIT, {
        tag: DW_TAG_subprogram,
        attributes: [
          [DW_AT_low_pc, DW_FORM_addr],
          [DW_AT_high_pc, DW_FORM_data4],
          [DW_AT_specification, DW_FORM_ref4],
        ],
      }),
      info,
    });
    expect(refusal(() => file.locate(PLACE))).toBe("corrupt-dwarf");
  });

  it.each([
    ["outside of all units", 0xffff],
    ["into a unit's header", 3],
    ["at the end of a list", 24 + 8],
  ])("has a name that refers to a place %s", (_, target) => {
    const file = openDwarf({
      abbrev: abbreviations(UNIT, {
        tag: DW_TAG_subprogram,
        attributes: [
          [DW_AT_low_pc, DW_FORM_addr],
          [DW_AT_high_pc, DW_FORM_data4],
          [DW_AT_abstract_origin, DW_FORM_ref_addr],
        ],
      }),
      info: unit(4, unitEntry().uleb(2).u32(CODE).u32(16).u32(target).uleb(0)),
    });
    expect(refusal(() => file.locate(PLACE))).toBe("corrupt-dwarf");
  });

  it("has a part in another file", () => {
    const subprogram = (name: number, form: number): ByteWriter =>
      abbreviations(UNIT, {
        tag: DW_TAG_subprogram,
        attributes: [
          [DW_AT_low_pc, DW_FORM_addr],
          [DW_AT_high_pc, DW_FORM_data4],
          [name, form],
        ],
      });
    const info = unit(4, unitEntry().uleb(2).u32(CODE).u32(16).u32(7).uleb(0));
    for (const abbrev of [
      subprogram(DW_AT_name, DW_FORM_GNU_strp_alt),
      subprogram(DW_AT_abstract_origin, DW_FORM_GNU_ref_alt),
    ]) {
      const file = openDwarf({ abbrev, info });
      expect(refusal(() => file.locate(PLACE))).toBe("supplementary-file");
    }
  });

  it("has forms that only name other forms, or that no one knows", () => {
    const withForm = (form: number, value: ByteWriter): DwarfErrorCode | "none" => {
      const file = openDwarf({
        abbrev: abbreviations(UNIT, {
          tag: DW_TAG_lexical_block,
          attributes: [[DW_AT_name, form]],
        }),
        info: unit(4, unitEntry().uleb(2).bytes(value.finish()).uleb(0)),
      });
      return refusal(() => file.locate(PLACE));
    };
    const chain = new ByteWriter();
    for (let step = 0; step < 10_000; step++) chain.uleb(DW_FORM_indirect);
    expect(withForm(DW_FORM_indirect, chain)).toBe("corrupt-dwarf");
    expect(withForm(DW_FORM_indirect, new ByteWriter().uleb(DW_FORM_implicit_const))).toBe(
      "unsupported-dwarf",
    );
    expect(withForm(DW_FORM_indirect, new ByteWriter().uleb(DW_FORM_udata).uleb(5))).toBe("none");
    expect(withForm(0x99, new ByteWriter())).toBe("unsupported-dwarf");
    // Blocks and strings that reach behind the unit.
    expect(withForm(0x09, new ByteWriter().uleb(2 ** 40))).toBe("corrupt-dwarf");
    expect(withForm(DW_FORM_string, new ByteWriter().bytes([0x41, 0x41]))).toBe("none");
  });

  it("has entries a hundred thousand deep", () => {
    const entries = unitEntry();
    for (let depth = 0; depth < 100_000; depth++) entries.uleb(2);
    const abbrev = abbreviations(UNIT, {
      tag: DW_TAG_lexical_block,
      hasChildren: true,
      attributes: [],
    });
    const file = openDwarf({ abbrev, info: unit(4, entries) });
    expect(refusal(() => file.locate(PLACE))).toBe("limit-exceeded");
  });

  it("has abbreviations with more attributes than any, or with none of a code", () => {
    const attributes = Array.from(
      { length: 300 },
      () => [DW_AT_name, DW_FORM_flag_present] as const,
    );
    const many = abbreviations(UNIT, { tag: DW_TAG_lexical_block, attributes });
    const info = unit(4, unitEntry().uleb(2).uleb(0));
    const question = (abbrev: ByteWriter): DwarfErrorCode | "none" => {
      const file = openDwarf({ abbrev, info });
      return refusal(() => file.locate(PLACE));
    };
    expect(question(many)).toBe("limit-exceeded");
    expect(question(abbreviations(UNIT))).toBe("corrupt-dwarf");
  });

  it("has thousands of units that share one line program", () => {
    const program = new ByteWriter();
    for (let row = 0; row < 200_000; row++) program.u8(1);
    const header = new ByteWriter().u8(1, 1, 1, -5, 14, 13, ...new Uint8Array(12), 0, 0);
    // Each program begins a byte behind the other one's start, and reaches to the same end.
    const line = new ByteWriter();
    for (let unitIndex = 0; unitIndex < 2000; unitIndex++) {
      const rest = 35 * (1999 - unitIndex) + program.length;
      line
        .u32(31 + rest)
        .u16(4)
        .sized(header);
      line.bytes(new Uint8Array(35 - 10 - header.length));
    }
    line.bytes(program.finish());
    const info = new ByteWriter();
    for (let unitIndex = 0; unitIndex < 2000; unitIndex++) {
      const entry = new ByteWriter()
        .uleb(1)
        .u32(CODE + unitIndex)
        .u32(1)
        .u32(35 * unitIndex);
      info.bytes(unit(4, entry).finish());
    }
    const abbrev = abbreviations({
      ...UNIT,
      hasChildren: false,
      attributes: [...UNIT.attributes, [DW_AT_stmt_list, DW_FORM_sec_offset]],
    });
    const file = openDwarf({ abbrev, info, line });
    expect(refusal(() => Array.from(file.functions()))).toBe("limit-exceeded");
  });

  it("has thousands of subroutines that share one list of ranges", () => {
    const ranges = new ByteWriter();
    for (let range = 0; range < 20_000; range++) ranges.u32(CODE + range).u32(CODE + range + 1);
    ranges.u32(0).u32(0);
    const entries = unitEntry();
    for (let entry = 0; entry < 20_000; entry++) entries.uleb(2).u32(0);
    const file = openDwarf({
      abbrev: abbreviations(UNIT, {
        tag: DW_TAG_inlined_subroutine,
        attributes: [[DW_AT_ranges, DW_FORM_sec_offset]],
      }),
      info: unit(4, entries.uleb(0)),
      ranges,
    });
    expect(refusal(() => file.locate(PLACE))).toBe("limit-exceeded");
  });

  it("has an inlined subroutine in no function", () => {
    const file = openDwarf({
      abbrev: abbreviations(UNIT, {
        tag: DW_TAG_inlined_subroutine,
        attributes: [
          [DW_AT_low_pc, DW_FORM_addr],
          [DW_AT_high_pc, DW_FORM_data4],
          [DW_AT_name, DW_FORM_strp],
        ],
      }),
      info: unit(4, unitEntry().uleb(2).u32(CODE).u32(16).u32(0xffff_ffff).uleb(0)),
    });
    expect(file.locate(PLACE)).toEqual([{ function: "??", file: "??", line: 0, column: 0 }]);
  });

  it("has a line program that is cut off, or adds up to nowhere", () => {
    const withProgram = (program: ByteWriter): DwarfErrorCode | "none" => {
      const header = new ByteWriter().u8(1, 1, 1, -5, 14, 13, ...new Uint8Array(12), 0, 0);
      const content = new ByteWriter().u16(4).sized(header).bytes(program.finish());
      const file = openDwarf({
        abbrev: abbreviations({
          ...UNIT,
          hasChildren: false,
          attributes: [...UNIT.attributes, [DW_AT_stmt_list, DW_FORM_sec_offset]],
        }),
        info: unit(4, unitEntry().u32(0)),
        line: new ByteWriter().sized(content),
      });
      return refusal(() => file.locate(PLACE));
    };
    expect(withProgram(new ByteWriter().u8(2))).toBe("corrupt-dwarf");
    expect(withProgram(new ByteWriter().u8(0, 100, 2, 1))).toBe("corrupt-dwarf");
    expect(withProgram(new ByteWriter().u8(0, 4, 2, 1, 2, 3))).toBe("corrupt-dwarf");
    const far = new ByteWriter();
    for (let step = 0; step < 5000; step++)
      far
        .u8(2)
        .uleb(2 ** 52)
        .u8(3)
        .sleb(2 ** 40)
        .u8(1);
    expect(withProgram(far.u8(0, 1, 1))).toBe("none");
  });

  it("has units of a version or with addresses of a size that does not exist", () => {
    const info = (change: (bytes: Uint8Array) => void): ByteWriter => {
      const bytes = unit(5, unitEntry().uleb(0)).finish();
      change(bytes);
      return new ByteWriter().bytes(bytes);
    };
    const abbrev = abbreviations(UNIT);
    const question = (change: (bytes: Uint8Array) => void): DwarfErrorCode | "none" => {
      const file = openDwarf({ abbrev, info: info(change) });
      return refusal(() => file.locate(PLACE));
    };
    expect(question(() => {})).toBe("none");
    expect(question((bytes) => bytes.fill(9, 4, 6))).toBe("unsupported-dwarf");
    expect(question((bytes) => bytes.fill(3, 7, 8))).toBe("corrupt-dwarf");
    expect(question((bytes) => bytes.fill(0x7f, 0, 4))).toBe("corrupt-dwarf");
    expect(question((bytes) => bytes.fill(3, 0, 1))).toBe("corrupt-dwarf");
  });
});
