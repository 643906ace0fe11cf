/** What happens to planted bytes when memory changes around them; no engine, only page tables. */
import { beforeEach, describe, expect, it } from "vitest";
import { Ia32Memory } from "./ia32-memory.js";
import { HLT, PlantedCode } from "./planted-code.js";

const CR0_PG = 0x8000_0000 | 0;
const DIRECTORY = 0x1000;
const TABLE = 0x2000;
/** Physical pages of code. */
const [PAGE_A, PAGE_B] = [0x4000, 0x5000];
/** The linear addresses of this table begin here. */
const BASE = 0xc000_0000;
const FIRST = BASE + 0x1000;
const SECOND = BASE + 0x2000;
const PRESENT_WRITABLE = 3;

let ram: Uint8Array;
let memory: Ia32Memory;
let planted: PlantedCode;

function map(linear: number, physical: number | undefined): void {
  const index = (linear >>> 12) & 0x3ff;
  const entry = physical === undefined ? 0 : physical | PRESENT_WRITABLE;
  new DataView(ram.buffer).setUint32(TABLE + index * 4, entry, true);
}

/** Bytes that are different at each offset, and never HLT. */
function code(seed: number): Uint8Array {
  return Uint8Array.from({ length: 4096 }, (_, offset) => (offset * 7 + seed) % 0xf0);
}

beforeEach(() => {
  ram = new Uint8Array(0x8000);
  new DataView(ram.buffer).setUint32(DIRECTORY + (BASE >>> 22) * 4, TABLE | 7, true);
  const access = {
    bytes: () => ram,
    paging: () => ({ cr0: CR0_PG, cr3: DIRECTORY, cr4: 0 }),
    written: () => undefined,
  };
  memory = new Ia32Memory(access);
  planted = new PlantedCode({ memory, ...access });
  memory.cover(planted);
  ram.set(code(1), PAGE_A);
  ram.set(code(2), PAGE_B);
  map(FIRST, PAGE_A);
});

const AT = 0x100;

function set(linear: number, onHit: () => void = () => undefined) {
  return planted.set(linear, onHit);
}

describe("a planted byte", () => {
  it("is in memory, and in nothing that is read", () => {
    set(FIRST + AT);
    expect(ram[PAGE_A + AT]).toBe(HLT);
    expect(memory.readPhysical(PAGE_A, 4096)).toEqual(code(1));
    expect(memory.readLinear(FIRST + AT - 1, 3)).toEqual(code(1).subarray(AT - 1, AT + 2));
  });

  it("is not seen among many others, in less bytes than there are of them", () => {
    for (let offset = 0; offset < 8; offset++) set(FIRST + AT + offset * 2);
    expect(memory.readLinear(FIRST + AT - 1, 4)).toEqual(code(1).subarray(AT - 1, AT + 3));
    expect(memory.readLinear(FIRST + AT + 14, 2)).toEqual(code(1).subarray(AT + 14, AT + 16));
    expect(memory.readLinear(FIRST + AT + 15, 2)).toEqual(code(1).subarray(AT + 15, AT + 17));
  });

  it("goes with the last of those who wait there", () => {
    const first = set(FIRST + AT);
    const second = set(FIRST + AT);
    first[Symbol.dispose]();
    expect(ram[PAGE_A + AT]).toBe(HLT);
    second[Symbol.dispose]();
    second[Symbol.dispose]();
    expect(ram.subarray(PAGE_A, PAGE_A + 4096)).toEqual(code(1));
    expect(planted.isEmpty).toBe(true);
  });

  it("that the guest has overwritten is not put back", () => {
    const breakpoint = set(FIRST + AT);
    ram[PAGE_A + AT] = 0xcc;
    expect(breakpoint.state).toEqual({ kind: "inactive", because: "other-code" });
    expect(memory.readLinear(FIRST + AT, 1)).toEqual(Uint8Array.of(0xcc));
    planted.tendSome();
    expect(ram[PAGE_A + AT]).toBe(0xcc);
    breakpoint[Symbol.dispose]();
    expect(ram[PAGE_A + AT]).toBe(0xcc);
  });

  it("that an instruction overwrites while it is executed stays overwritten", () => {
    set(FIRST + AT);
    planted.withoutThoseIn(FIRST + AT, 15, () => {
      expect(ram[PAGE_A + AT]).toBe(code(1)[AT]);
      ram[PAGE_A + AT] = 0xcc;
    });
    expect(ram[PAGE_A + AT]).toBe(0xcc);
  });

  it("is lifted from an instruction that crosses into its page", () => {
    map(SECOND, PAGE_B);
    set(SECOND);
    planted.withoutThoseIn(SECOND - 2, 15, () => expect(ram[PAGE_B]).toBe(code(2)[0]));
    expect(ram[PAGE_B]).toBe(HLT);
  });

  it("is taken from memory that became something else, unless it is no longer ours", () => {
    const breakpoint = set(FIRST + AT);
    map(FIRST, undefined);
    expect(breakpoint.state).toEqual({ kind: "inactive", because: "nothing-mapped" });
    // A byte of what came there is 0xf4 by chance.
    ram.set(code(3), PAGE_A);
    ram[PAGE_A + AT] = HLT;
    expect(memory.readPhysical(PAGE_A + AT, 1)).toEqual(Uint8Array.of(HLT));
    breakpoint[Symbol.dispose]();
    expect(ram[PAGE_A + AT]).toBe(HLT);
  });

  it("follows its code to another page", () => {
    const breakpoint = set(FIRST + AT);
    ram.set(code(1), PAGE_B);
    map(FIRST, PAGE_B);
    planted.tendSome();
    expect(breakpoint.state).toEqual({ kind: "planted" });
    expect(ram[PAGE_B + AT]).toBe(HLT);
    expect(ram.subarray(PAGE_A, PAGE_A + 4096)).toEqual(code(1));
  });

  it("waits where other code is, and is back when its own is", () => {
    const breakpoint = set(FIRST + AT);
    ram.set(code(2), PAGE_A);
    planted.plantAll();
    expect(breakpoint.state).toEqual({ kind: "inactive", because: "other-code" });
    expect(ram.subarray(PAGE_A, PAGE_A + 4096)).toEqual(code(2));
    ram.set(code(1), PAGE_A);
    planted.tendSome();
    expect(breakpoint.state).toEqual({ kind: "planted" });
  });
});

describe("a page that is mapped twice", () => {
  beforeEach(() => map(SECOND, PAGE_A));

  it("is no breakpoint under the address that nobody has asked for", () => {
    set(FIRST + AT);
    expect(planted.hitAt(FIRST + AT)).toBe("hit");
    expect(planted.hitAt(SECOND + AT)).toBe("alias");
    expect(planted.hitAt(FIRST + AT + 1)).toBeUndefined();
  });

  it("has the breakpoint under both that somebody has asked for, for as long", () => {
    const first = set(FIRST + AT);
    const second = set(SECOND + AT);
    expect(planted.hitAt(SECOND + AT)).toBe("hit");
    first[Symbol.dispose]();
    planted.tendSome();
    expect(planted.hitAt(SECOND + AT)).toBe("hit");
    second[Symbol.dispose]();
    expect(ram.subarray(PAGE_A, PAGE_A + 4096)).toEqual(code(1));
  });
});

describe("a write from outside", () => {
  it("goes under the breakpoint, in part or whole", () => {
    const breakpoint = set(FIRST + AT);
    memory.writeLinear(FIRST + AT - 1, Uint8Array.of(1, 2, 3));
    expect(ram.subarray(PAGE_A + AT - 1, PAGE_A + AT + 2)).toEqual(Uint8Array.of(1, HLT, 3));
    expect(breakpoint.state).toEqual({ kind: "planted" });
    memory.writePhysical(PAGE_A + AT + 1, Uint8Array.of(4));
    expect(memory.readLinear(FIRST + AT - 1, 3)).toEqual(Uint8Array.of(1, 2, 4));
    breakpoint[Symbol.dispose]();
    expect(ram.subarray(PAGE_A + AT - 1, PAGE_A + AT + 2)).toEqual(Uint8Array.of(1, 2, 4));
  });

  it("over the edge of what is mapped changes nothing", () => {
    expect(() => memory.writeLinear(FIRST + 4095, Uint8Array.of(1, 2))).toThrow(
      "Nothing is mapped",
    );
    expect(ram[PAGE_A + 4095]).toBe(code(1)[4095]);
  });
});
