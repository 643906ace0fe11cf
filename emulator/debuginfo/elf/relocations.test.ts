import { describe, expect, it } from "vitest";
import { ElfError, parseElf } from "../elf.js";
import { ByteWriter, buildElf } from "../test-support/elf-builder.js";
import { AddressSpace } from "./address-space.js";
import { relocate } from "./relocations.js";

/** Offset, type, addend; all of symbol 1, which lies 4 bytes into `.text`. */
type Entry = readonly [offset: number, type: number, addend: number];

/** A file with code, a debug section with the number 10 all over, and relocations of it. */
function build(bits: 32 | 64, entries: readonly Entry[], withAddends: boolean): Uint8Array {
  const symbols = new ByteWriter().bytes(new Uint8Array(bits === 32 ? 16 : 24));
  if (bits === 32) symbols.u32(0).u32(4).u32(0).u8(2, 0).u16(1);
  else symbols.u32(0).u8(2, 0).u16(1).u64(4n).u64(0n);
  const table = new ByteWriter();
  for (const [offset, type, addend] of entries) {
    table.word(bits, offset);
    if (bits === 32) table.u32((1 << 8) | type);
    else table.u32(type).u32(1);
    if (withAddends) table.word(bits, addend);
  }
  const data = new ByteWriter();
  for (let number = 0; number < 4; number++) data.u32(10);
  return buildElf({
    bits,
    sections: [
      { name: ".text", bytes: new Uint8Array(32), flags: 6 },
      { name: ".debug_info", bytes: data.finish() },
      {
        name: ".rel.debug_info",
        bytes: table.finish(),
        type: withAddends ? 4 : 9,
        link: 4,
        info: 2,
      },
      { name: ".symtab", bytes: symbols.finish(), type: 2, link: 5 },
      { name: ".strtab", bytes: Uint8Array.of(0), type: 3 },
    ],
  });
}

/** The section's numbers, relative to where `.text` was put. */
function apply(bits: 32 | 64, entries: readonly Entry[], withAddends: boolean): DataView {
  const elf = parseElf(build(bits, entries, withAddends));
  const space = new AddressSpace(elf);
  const section = elf.sections[2];
  if (section === undefined) throw new Error("The file has no such section.");
  const bytes = relocate(elf, section, elf.read(section), space);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function startOfText(bits: 32 | 64): number {
  return new AddressSpace(parseElf(build(bits, [], false))).start(1);
}

describe("relocate", () => {
  it("adds what stands in the field: i386, R_386_32, R_386_PC32, R_386_NONE", () => {
    const view = apply(
      32,
      [
        [0, 1, 0],
        [4, 2, 0],
        [8, 0, 0],
      ],
      false,
    );
    const symbol = startOfText(32) + 4;
    expect(view.getUint32(0, true)).toBe(symbol + 10);
    expect(view.getInt32(4, true)).toBe(symbol + 10 - 4);
    expect(view.getUint32(8, true)).toBe(10);
  });

  it("adds what stands in the table: x86-64, R_X86_64_64, 32, 32S, PC32, DTPOFF32", () => {
    const symbol = startOfText(64) + 4;
    const wide = apply(64, [[0, 1, 100]], true);
    expect(wide.getBigUint64(0, true)).toBe(BigInt(symbol + 100));
    expect(wide.getUint32(8, true)).toBe(10);
    const view = apply(
      64,
      [
        [0, 10, 7],
        [4, 11, -2],
        [8, 2, 0],
        [12, 21, 0],
      ],
      true,
    );
    expect(view.getUint32(0, true)).toBe(symbol + 7);
    expect(view.getUint32(4, true)).toBe(symbol - 2);
    expect(view.getInt32(8, true)).toBe(symbol - 8);
    expect(view.getUint32(12, true)).toBe(symbol);
  });

  it("writes negative results in full: R_X86_64_PC64", () => {
    const view = apply(64, [[8, 24, -100_000]], true);
    expect(view.getBigInt64(8, true)).toBe(BigInt(startOfText(64) + 4 - 100_000 - 8));
  });

  it("refuses fields outside of the section, symbols outside of the table, other types", () => {
    expect(() => apply(32, [[13, 1, 0]], false)).toThrow(ElfError);
    expect(() => apply(64, [[0xffff_fff0, 1, 0]], true)).toThrow(ElfError);
    expect(() => apply(32, [[0, 99, 0]], false)).toThrow("type 99");
  });

  it("gives each section addresses of its own", () => {
    const elf = parseElf(
      buildElf({
        bits: 32,
        sections: [".text", ".init.text", ".exit.text"].map((name) => ({
          name,
          bytes: new Uint8Array(5000),
          flags: 6,
        })),
      }),
    );
    const space = new AddressSpace(elf);
    for (const section of [1, 2, 3]) {
      for (const offset of [0, 4999]) {
        const address = space.addressOf({ section, offset });
        expect(space.placeOf(address ?? 0)).toEqual({ section, offset });
      }
      expect(space.addressOf({ section, offset: 5000 })).toBeUndefined();
    }
  });
});
