import { describe, expect, it } from "vitest";
import { SystemMap } from "./system-map.js";

/** Lines as nm(1) and /proc/kallsyms have them. */
const MAP = new SystemMap(`00000100 A phys_thing
c1000000 T _stext
c1000000 T _text
c1000000 T startup_32
c1000040 t helper
c1000080 T __begin_region
c1000080 T entry_point
c10000c0 W weak_one
c10000c0 t strong_one
c1000100 T __section_start
c1000100 T __first_of_section
c1000200 T _etext
c1000300 D table
c1000340 t helper
c1000380 T _end
not a line
c10003zz T bad`);

describe("SystemMap", () => {
  it("has the address of each symbol, of the first where there are several", () => {
    expect(MAP.addressOf("helper")).toBe(0xc100_0040n);
    expect(MAP.addressOf("table")).toBe(0xc100_0300n);
    expect(MAP.addressOf("phys_thing")).toBe(0x100n);
    expect(MAP.addressOf("bad")).toBeUndefined();
  });

  it("finds what an address lies behind", () => {
    expect(MAP.find(0xc100_0044n)).toEqual({ name: "helper", offset: 4 });
    expect(MAP.find(0xc100_0340n)).toEqual({ name: "helper", offset: 0 });
    expect(MAP.find(0xc100_0301n)).toEqual({ name: "table", offset: 1 });
  });

  it("takes of several names the one that the kernel prints", () => {
    // compare_symbols() of scripts/kallsyms.c, in its order.
    expect(MAP.find(0xc100_0080n)?.name).toBe("entry_point");
    expect(MAP.find(0xc100_00c0n)?.name).toBe("strong_one");
    expect(MAP.find(0xc100_0100n)?.name).toBe("__first_of_section");
    expect(MAP.find(0xc100_0000n)?.name).toBe("startup_32");
  });

  it("finds nothing between the code and the data, and around them", () => {
    expect(MAP.find(0xc100_0240n)).toBeUndefined();
    expect(MAP.find(0xc100_0381n)).toBeUndefined();
    expect(MAP.find(0xc0ff_ffffn)).toBeUndefined();
    expect(new SystemMap("").find(0n)).toBeUndefined();
  });

  it("keeps addresses of 64 bits exact", () => {
    const map = new SystemMap("ffffffff81000001 T start_kernel\nffffffff81000fff T rest_init");
    expect(map.addressOf("start_kernel")).toBe(0xffff_ffff_8100_0001n);
    expect(map.find(0xffff_ffff_8100_0003n)).toEqual({ name: "start_kernel", offset: 2 });
  });
});
