import { describe, expect, it } from "vitest";
import { type PagingRegisters, translateLinear } from "./ia32-paging.js";

const CR0_PG = 0x8000_0000 | 0;
const CR4_PSE = 0x10;
const CR4_PAE = 0x20;

/** Physical memory that holds nothing but the given double words. */
function memory(words: Record<number, number>): (address: number) => number {
  return (address) => words[address] ?? 0;
}

function physical(
  linear: number,
  registers: PagingRegisters,
  read: (address: number) => number,
): number | undefined {
  return translateLinear(linear, registers, read)?.physical;
}

describe("without paging", () => {
  it("is the identity", () => {
    expect(physical(0xfee0_0123, { cr0: 1, cr3: 0, cr4: 0 }, memory({}))).toBe(0xfee0_0123);
  });
});

// Intel SDM vol. 3A, figures 4-2 and 4-3.
describe("32-bit paging", () => {
  const registers = { cr0: CR0_PG, cr3: 0x1000, cr4: CR4_PSE };

  it("walks two levels to a 4 KiB page", () => {
    const read = memory({
      [0x1000 + 0x300 * 4]: 0x2067, // directory entry of 0xc0000000
      [0x2000 + 0x12 * 4]: 0x8f00_0063 | 0,
    });
    expect(physical(0xc001_2345, registers, read)).toBe(0x8f00_0345);
  });

  it("takes a 4 MiB page where PSE is on", () => {
    const read = memory({ [0x1000 + 0x301 * 4]: 0x00c0_00e3 });
    expect(physical(0xc071_2345, registers, read)).toBe(0x00f1_2345);
  });

  it("finds nothing where an entry is not present", () => {
    expect(physical(0xc071_2345, registers, memory({}))).toBeUndefined();
    const noPage = memory({ [0x1000 + 0x300 * 4]: 0x2067, 8192: 0x9000_0062 | 0 });
    expect(physical(0xc000_0000, registers, noPage)).toBeUndefined();
  });
});

// Intel SDM vol. 3A, 4.6.1: U/S has to be set in every entry that the walk uses.
describe("memory that programs may access", () => {
  const DIRECTORY = 0x1000 + 0x300 * 4;
  const PAGE = 0x2000 + 0x12 * 4;

  it.each([
    [0x2067, 0x8f00_0067 | 0, true],
    [0x2067, 0x8f00_0063 | 0, false],
    [0x2063, 0x8f00_0067 | 0, false],
  ])("with directory entry %x and page entry %x: %s", (directory, page, userAccessible) => {
    const read = memory({ [DIRECTORY]: directory, [PAGE]: page });
    expect(translateLinear(0xc001_2345, { cr0: CR0_PG, cr3: 0x1000, cr4: 0 }, read)).toMatchObject({
      userAccessible,
    });
  });
});

// Intel SDM vol. 3A, figures 4-5 to 4-7.
describe("PAE paging", () => {
  const registers = { cr0: CR0_PG, cr3: 0x1020, cr4: CR4_PAE };

  it("walks three levels to a 4 KiB page", () => {
    const read = memory({
      [0x1020 + 3 * 8]: 0x2001,
      [0x2000 + 0x001 * 8]: 0x3063,
      [0x3000 + 0x023 * 8]: 0x0456_7063,
    });
    expect(physical(0xc022_3abc, registers, read)).toBe(0x0456_7abc);
  });

  it("takes a 2 MiB page", () => {
    const read = memory({ [0x1020 + 3 * 8]: 0x2001, [0x2000 + 0x001 * 8]: 0x0060_00e3 });
    expect(physical(0xc022_3abc, registers, read)).toBe(0x0062_3abc);
  });
});
