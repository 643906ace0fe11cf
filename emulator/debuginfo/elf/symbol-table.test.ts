import { describe, expect, it } from "vitest";
import { type ElfFile, parseElf } from "../elf.js";
import { ByteWriter, buildElf } from "../test-support/elf-builder.js";
import { AddressSpace } from "./address-space.js";
import { mayHaveKernelSize } from "./kernel-symbol-size.js";
import { SymbolTable } from "./symbol-table.js";

interface Plan {
  readonly name: string;
  readonly value: number;
  readonly size?: number;
  /** STT_FUNC by default. */
  readonly type?: number;
  readonly global?: boolean;
  /** `.text` by default. */
  readonly section?: number;
}

const FILE = 4;
const ABSOLUTE = 0xfff1;

/** Sections 1 `.text`, 2 `.init.text`, 3 `.comment`; section numbers from 1000 on are written aside. */
function build(plans: readonly Plan[]): ElfFile {
  const names = new ByteWriter().u8(0);
  const table = new ByteWriter().bytes(new Uint8Array(16));
  const aside = new ByteWriter().u32(0);
  for (const { name, value, size = 0, type = 2, global = false, section = 1 } of plans) {
    table
      .u32(names.length)
      .u32(value)
      .u32(size)
      .u8(((global ? 1 : 0) << 4) | type, 0);
    table.u16(section >= 1000 && section < 2000 ? 0xffff : section);
    aside.u32(section >= 1000 ? section - 1000 : 0);
    names.string(name);
  }
  return parseElf(
    buildElf({
      bits: 32,
      sections: [
        { name: ".text", bytes: new Uint8Array(0x100), flags: 6 },
        { name: ".init.text", bytes: new Uint8Array(0x100), flags: 6 },
        { name: ".comment", bytes: new Uint8Array(0x10) },
        { name: ".symtab", bytes: table.finish(), type: 2, link: 5 },
        { name: ".strtab", bytes: names.finish(), type: 3 },
        { name: ".symtab_shndx", bytes: aside.finish(), type: 18, link: 4 },
      ],
    }),
  );
}

function open(plans: readonly Plan[]): {
  find(offset: number, section?: number): string | undefined;
  fits(name: string, size: number): boolean;
  sourceOf(name: string): string | undefined;
} {
  const elf = build(plans);
  const space = new AddressSpace(elf);
  const symbols = new SymbolTable(elf, space);
  const named = (name: string): (typeof symbols.all)[number] => {
    const [symbol] = symbols.named(name);
    if (symbol === undefined) throw new Error(`There is no ${name}.`);
    return symbol;
  };
  return {
    find(offset, section = 1) {
      const found = symbols.find(space.start(section) + offset);
      return found && symbols.name(found);
    },
    fits: (name, size) => mayHaveKernelSize(elf, space, symbols, named(name), size),
    sourceOf: (name) => symbols.sourceFile(named(name)),
  };
}

describe("SymbolTable", () => {
  it("finds the symbol that an address lies in, by its size", () => {
    const table = open([
      { name: "first", value: 0x10, size: 0x10 },
      { name: "second", value: 0x30, size: 0x10 },
    ]);
    expect(table.find(0x0f)).toBeUndefined();
    expect(table.find(0x10)).toBe("first");
    expect(table.find(0x1f)).toBe("first");
    expect(table.find(0x20)).toBeUndefined();
    expect(table.find(0x3f)).toBe("second");
  });

  it("lets a symbol without a size reach up to the next, but not into another section", () => {
    const table = open([
      { name: "label", value: 0x10, type: 0 },
      { name: "next", value: 0x40, size: 4 },
      { name: "last", value: 0x80, type: 0 },
    ]);
    expect(table.find(0x3f)).toBe("label");
    expect(table.find(0x44)).toBeUndefined();
    expect(table.find(0xff)).toBe("last");
    expect(table.find(0, 2)).toBeUndefined();
  });

  it("takes the largest symbol of an address, and the last of those", () => {
    const table = open([
      { name: "large", value: 0, size: 0x20 },
      { name: "alias", value: 0, size: 0x20, global: true },
      { name: "small", value: 0, size: 8 },
      { name: "label", value: 0, type: 0 },
    ]);
    expect(table.find(4)).toBe("alias");
  });

  it("passes over what is not in memory", () => {
    const table = open([
      { name: "file.c", value: 0, type: FILE, section: ABSOLUTE },
      { name: "section", value: 0, type: 3 },
      { name: "absolute", value: 0x10, section: ABSOLUTE },
      { name: "comment", value: 0, section: 3 },
      { name: "elsewhere", value: 0, section: 0 },
    ]);
    expect(table.find(4)).toBeUndefined();
  });

  it("finds section numbers that are written aside", () => {
    expect(open([{ name: "far", value: 8, size: 8, section: 1002 }]).find(9, 2)).toBe("far");
  });

  it("knows the source file that a local symbol stands under", () => {
    const table = open([
      { name: "none", value: 0, size: 1 },
      { name: "one.c", value: 0, type: FILE, section: ABSOLUTE },
      { name: "local", value: 1, size: 1 },
      { name: "two.c", value: 0, type: FILE, section: ABSOLUTE },
      { name: "other", value: 2, size: 1 },
      { name: "global", value: 3, size: 1, global: true },
    ]);
    expect(["none", "local", "other", "global"].map(table.sourceOf)).toEqual([
      undefined,
      "one.c",
      "two.c",
      undefined,
    ]);
  });
});

describe("mayHaveKernelSize", () => {
  const table = open([
    { name: "first", value: 0, size: 0x35 },
    { name: "second", value: 0x40, size: 0x10 },
    { name: "last", value: 0x80, size: 0x70 },
  ]);

  it("takes the symbol's own size, and the distance to the next", () => {
    expect(table.fits("first", 0x35)).toBe(true);
    expect(table.fits("first", 0x40)).toBe(true);
    expect(table.fits("second", 0x40)).toBe(true);
    expect(table.fits("first", 0x36)).toBe(false);
    expect(table.fits("first", 0x80)).toBe(false);
  });

  it("lets the last one reach behind its section, to the end of the page", () => {
    expect(table.fits("last", 0x80)).toBe(true);
    expect(table.fits("last", 0xf80)).toBe(true);
    expect(table.fits("last", 0x60)).toBe(false);
    expect(table.fits("last", 0x10000)).toBe(false);
  });
});
