import { describe, expect, it } from "vitest";
import { abbreviations, CODE, openDwarf, unit } from "../test-support/dwarf-builder.js";
import { ByteWriter } from "../test-support/elf-builder.js";
import {
  DW_AT_addr_base,
  DW_AT_low_pc,
  DW_AT_ranges,
  DW_AT_rnglists_base,
  DW_FORM_addr,
  DW_FORM_rnglistx,
  DW_FORM_sec_offset,
} from "./constants.js";

const DW_TAG_compile_unit = 0x11;

/** The ranges of a unit whose base address is {@link CODE}. */
function rangesOf4(ranges: ByteWriter): readonly number[] | undefined {
  const file = openDwarf({
    abbrev: abbreviations({
      tag: DW_TAG_compile_unit,
      attributes: [
        [DW_AT_low_pc, DW_FORM_addr],
        [DW_AT_ranges, DW_FORM_sec_offset],
      ],
    }),
    info: unit(4, new ByteWriter().uleb(1).u32(CODE).u32(0)),
    ranges,
  });
  return file.dwarf.units[0]?.ranges();
}

function rangesOf5(list: ByteWriter): readonly number[] | undefined {
  const header = new ByteWriter().u16(5).u8(4, 0).u32(1).u32(4);
  const file = openDwarf({
    abbrev: abbreviations({
      tag: DW_TAG_compile_unit,
      attributes: [
        [DW_AT_low_pc, DW_FORM_addr],
        [DW_AT_addr_base, DW_FORM_sec_offset],
        [DW_AT_rnglists_base, DW_FORM_sec_offset],
        [DW_AT_ranges, DW_FORM_rnglistx],
      ],
    }),
    info: unit(5, new ByteWriter().uleb(1).u32(CODE).u32(8).u32(12).uleb(0)),
    rnglists: new ByteWriter().sized(header.bytes(list.finish())),
    addr: new ByteWriter().sized(new ByteWriter().u16(5).u8(4, 0).u32(0x3000).u32(0x3080)),
  });
  return file.dwarf.units[0]?.ranges();
}

describe(".debug_ranges", () => {
  it("counts from the unit's base address, or from one that the list selects", () => {
    const list = new ByteWriter().u32(1).u32(5).u32(0xffff_ffff).u32(0x2000).u32(2).u32(6);
    expect(rangesOf4(list.u32(0).u32(0))).toEqual([CODE + 1, CODE + 5, 0x2002, 0x2006]);
  });

  it("leaves out what the linker threw away", () => {
    const list = new ByteWriter().u32(0xffff_ffff).u32(0xffff_ffff).u32(2).u32(6);
    expect(rangesOf4(list.u32(0).u32(0))).toEqual([]);
  });

  it("refuses a list without an end", () => {
    expect(() => rangesOf4(new ByteWriter().u32(1).u32(5))).toThrow("behind its end");
  });
});

describe(".debug_rnglists", () => {
  it("reads every kind of entry (DWARF 5, 7.25)", () => {
    const list = new ByteWriter();
    list.u8(4).uleb(1).uleb(5); // offset_pair
    list.u8(1).uleb(1); // base_addressx
    list.u8(4).uleb(1).uleb(5);
    list.u8(5).u32(0x4000); // base_address
    list.u8(4).uleb(1).uleb(300);
    list.u8(2).uleb(0).uleb(1); // startx_endx
    list.u8(3).uleb(1).uleb(0x10); // startx_length
    list.u8(6).u32(0x5000).u32(0x5001); // start_end
    list.u8(7).u32(0x6000).uleb(0x200); // start_length
    list.u8(6).u32(0xffff_ffff).u32(0xffff_ffff); // thrown away
    expect(rangesOf5(list.u8(0))).toEqual(
      [
        [CODE + 1, CODE + 5],
        [0x3081, 0x3085],
        [0x4001, 0x412c],
        [0x3000, 0x3080],
        [0x3080, 0x3090],
        [0x5000, 0x5001],
        [0x6000, 0x6200],
      ].flat(),
    );
  });

  it("refuses entries that do not exist, and addresses outside of the table", () => {
    expect(() => rangesOf5(new ByteWriter().u8(8))).toThrow("kind 8");
    expect(() => rangesOf5(new ByteWriter().u8(1).uleb(2))).toThrow(".debug_addr");
  });
});
