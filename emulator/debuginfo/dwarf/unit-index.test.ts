import { describe, expect, it } from "vitest";
import { abbreviations, CODE, openDwarf, unit } from "../test-support/dwarf-builder.js";
import { ByteWriter } from "../test-support/elf-builder.js";
import { DW_AT_high_pc, DW_AT_low_pc, DW_FORM_addr, DW_FORM_data4 } from "./constants.js";
import type { UnitIndex } from "./unit-index.js";

const DW_TAG_compile_unit = 0x11;
/** Of a unit with one entry: 11 bytes of header, a code, address and size. */
const UNIT_SIZE = 20;

/** The index of units with these ranges, from {@link CODE} on, and a table for some of them. */
function index(ranges: readonly (readonly [number, number])[], aranges?: ByteWriter): UnitIndex {
  const info = new ByteWriter();
  for (const [start, end] of ranges) {
    const entry = new ByteWriter()
      .uleb(1)
      .u32(CODE + start)
      .u32(end - start);
    info.bytes(unit(4, entry).finish());
  }
  const abbrev = abbreviations({
    tag: DW_TAG_compile_unit,
    attributes: [
      [DW_AT_low_pc, DW_FORM_addr],
      [DW_AT_high_pc, DW_FORM_data4],
    ],
  });
  const sections = { abbrev, info };
  return openDwarf(aranges === undefined ? sections : { ...sections, aranges }).dwarf.index;
}

function owners(found: UnitIndex, offsets: readonly number[]): (number | undefined)[] {
  return offsets.map((offset) => {
    const unitOffset = found.find(CODE + offset);
    return unitOffset === undefined ? undefined : unitOffset / UNIT_SIZE;
  });
}

describe("UnitIndex", () => {
  it("finds the unit of an address, and none in gaps", () => {
    const found = index([
      [0x20, 0x30],
      [0, 0x10],
      [0x30, 0x40],
    ]);
    expect(owners(found, [0, 0xf, 0x10, 0x1f, 0x20, 0x2f, 0x30, 0x40])).toEqual([
      1,
      1,
      undefined,
      undefined,
      0,
      0,
      2,
      undefined,
    ]);
  });

  it("goes on with the unit in front where two overlap", () => {
    const found = index([
      [0x10, 0x30],
      [0, 0x20],
    ]);
    expect(owners(found, [0, 0x10, 0x1f, 0x20, 0x2f])).toEqual([1, 1, 1, 0, 0]);
  });

  it("believes .debug_aranges more than the units that it lists", () => {
    const set = new ByteWriter().u16(2).u32(UNIT_SIZE).u8(4, 0);
    // The pairs are aligned to their size, counted with the 4 bytes of the length.
    set
      .u32(0)
      .u32(CODE + 0x80)
      .u32(8)
      .u32(0)
      .u32(0);
    const found = index(
      [
        [0, 0x10],
        [0x10, 0x20],
      ],
      new ByteWriter().sized(set),
    );
    expect(owners(found, [8, 0x18, 0x80, 0x87, 0x88])).toEqual([0, undefined, 1, 1, undefined]);
  });

  it("refuses a table of another version", () => {
    const set = new ByteWriter().u16(3).u32(0).u8(4, 0);
    expect(() => index([[0, 0x10]], new ByteWriter().sized(set))).toThrow("version 3");
  });
});
