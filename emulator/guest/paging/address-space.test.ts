import { describe, expect, it } from "vitest";
import { lookUpPage, type PagingMode } from "./address-space.js";

/**
 * Entries by physical address, as Intel SDM vol. 3A, figures 4-4, 4-7 and 4-11 lay them out; bit
 * 0 is present, bit 7 a large page.
 */
function tables(entries: Readonly<Record<string, bigint>>) {
  const byAddress = new Map(Object.entries(entries).map(([at, entry]) => [BigInt(at), entry]));
  return (physical: bigint): bigint => byAddress.get(physical) ?? 0n;
}

const PG = 1n << 31n;
const PSE = 1n << 4n;
const PAE = 1n << 5n;
const NO_EXECUTE = 1n << 63n;

describe("32-bit paging", () => {
  const mode: PagingMode = { cr0: PG, cr3: 0x5018n, cr4: PSE, longMode: false };
  // 0xc0c01234: directory index 0x303, table index 0x001, offset 0x234.
  const read = tables({
    "0x5c0c": 0x7063n,
    "0x7004": 0x12345163n,
    "0x5c00": 0x004001e3n,
    // A 4 MiB page with bits 39:32 of its address in bits 20:13: 0x12_0080_0000.
    "0x5c04": 0x008241e3n,
    "0x5c10": 0x9063n,
  });

  it("walks to a 4 KiB page", () => {
    expect(lookUpPage(0xc0c01234n, mode, read)).toEqual({ physical: 0x12345000n, bytes: 0x1000n });
  });

  it("finds 4 MiB pages, above 4 GiB also, if CR4.PSE is set", () => {
    expect(lookUpPage(0xc0012345n, mode, read)).toEqual({ physical: 0x400000n, bytes: 0x400000n });
    expect(lookUpPage(0xc0412345n, mode, read)).toEqual({
      physical: 0x12_0080_0000n,
      bytes: 0x400000n,
    });
    // Without it bit 7 means nothing: the entry leads to a table at 0x400000, which is empty.
    expect(lookUpPage(0xc0012345n, { ...mode, cr4: 0n }, read)).toEqual({
      entry: "pte",
      why: "not-present",
    });
  });

  it("says which entry is missing", () => {
    expect(lookUpPage(0x1000n, mode, read)).toEqual({ entry: "pde", why: "not-present" });
    expect(lookUpPage(0xc1000000n, mode, read)).toEqual({ entry: "pte", why: "not-present" });
    expect(lookUpPage(0x1000n, mode, () => undefined)).toEqual({
      entry: "pde",
      why: "outside-memory",
    });
  });

  it("maps each address to itself before paging is on", () => {
    expect(lookUpPage(0x12345n, { ...mode, cr0: 0n }, read)).toEqual({
      physical: 0x12000n,
      bytes: 0x1000n,
    });
  });
});

describe("PAE paging", () => {
  const mode: PagingMode = { cr0: PG, cr3: 0x5fe0n, cr4: PAE, longMode: false };
  // 0xc0a03456: pointer index 3, directory index 5, table index 3, offset 0x456.
  const read = tables({
    "0x5ff8": 0x6001n,
    "0x6028": 0x7063n,
    "0x7018": NO_EXECUTE | 0x3_4567_8163n,
    "0x6030": NO_EXECUTE | 0x1_0060_01e3n,
  });

  it("walks to a 4 KiB page, whose address may have more than 32 bits", () => {
    expect(lookUpPage(0xc0a03456n, mode, read)).toEqual({
      physical: 0x3_4567_8000n,
      bytes: 0x1000n,
    });
  });

  it("finds 2 MiB pages", () => {
    expect(lookUpPage(0xc0c12345n, mode, read)).toEqual({
      physical: 0x1_0060_0000n,
      bytes: 0x200000n,
    });
  });

  it("says which entry is missing", () => {
    expect(lookUpPage(0x1000n, mode, read)).toEqual({ entry: "pdpte", why: "not-present" });
    expect(lookUpPage(0xc0000000n, mode, read)).toEqual({ entry: "pde", why: "not-present" });
    expect(lookUpPage(0xc0a00000n, mode, read)).toEqual({ entry: "pte", why: "not-present" });
  });
});

describe("4-level paging", () => {
  const mode: PagingMode = { cr0: PG, cr3: 0x5018n, cr4: PAE, longMode: true };
  // 0xffffffff81203456: indices 511, 510, 9, 3. 0xffff888040000000: 273, 1. 0xffffffff81412345: 10.
  const read = tables({
    "0x5ff8": 0x6067n,
    "0x6ff0": 0x7063n,
    "0x7048": 0x8063n,
    "0x8018": NO_EXECUTE | 0x12_3456_7163n,
    "0x7050": 0x0140_01e3n,
    "0x5888": 0x9063n,
    "0x9008": NO_EXECUTE | 0x4000_01e3n,
  });

  it("walks to a 4 KiB page", () => {
    expect(lookUpPage(0xffff_ffff_8120_3456n, mode, read)).toEqual({
      physical: 0x12_3456_7000n,
      bytes: 0x1000n,
    });
  });

  it("finds pages of 2 MiB and 1 GiB", () => {
    expect(lookUpPage(0xffff_ffff_8141_2345n, mode, read)).toEqual({
      physical: 0x0140_0000n,
      bytes: 0x20_0000n,
    });
    expect(lookUpPage(0xffff_8880_5234_5678n, mode, read)).toEqual({
      physical: 0x4000_0000n,
      bytes: 0x4000_0000n,
    });
  });

  it("says which entry is missing, and which addresses cannot be", () => {
    expect(lookUpPage(0x1000n, mode, read)).toEqual({ entry: "pml4e", why: "not-present" });
    expect(lookUpPage(0xffff_8880_0000_0000n, mode, read)).toEqual({
      entry: "pdpte",
      why: "not-present",
    });
    expect(lookUpPage(0xffff_ffff_8000_0000n, mode, read)).toEqual({
      entry: "pde",
      why: "not-present",
    });
    expect(lookUpPage(0xffff_ffff_8120_0000n, mode, read)).toEqual({
      entry: "pte",
      why: "not-present",
    });
    expect(lookUpPage(0x8000_0000_0000n, mode, read)).toEqual({
      entry: "non-canonical",
      why: "not-present",
    });
  });

  it("does not take five levels for four", () => {
    expect(lookUpPage(0x1000n, { ...mode, cr4: PAE | (1n << 12n) }, read)).toEqual({
      entry: "pml5e",
      why: "unsupported",
    });
  });
});
