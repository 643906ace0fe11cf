import { describe, expect, it } from "vitest";
import { openDebugFile } from "./debug-file.js";
import { DwarfError } from "./dwarf/dwarf-error.js";
import { ElfError } from "./elf.js";
import { locateInFunction } from "./function-record.js";
import { ByteWriter, buildElf, rebuildElf } from "./test-support/elf-builder.js";
import { courseModules } from "./test-support/tools.js";

const modules = await courseModules();
const bytes = modules.get("4-debugging/hello.ko");
if (bytes === undefined) throw new Error("The images have no module of section 4.");
const hello = openDebugFile(bytes);

/** The sizes that readelf prints for the module's functions, and the kernel's: up to the next. */
const symbols = new Map([...hello.symbols()].map((symbol) => [symbol.name, symbol]));

describe("a module", () => {
  it("has symbols in several sections", () => {
    const sectionOf = (name: string): string | undefined =>
      hello.sectionName(symbols.get(name)?.place.section ?? 0);
    expect(sectionOf("hello_write")).toBe(".text");
    expect(sectionOf("init_module")).toBe(".init.text");
    expect(sectionOf("cleanup_module")).toBe(".exit.text");
    expect(symbols.has("misc_register")).toBe(false);
    expect(symbols.has("hello_device")).toBe(false);
  });

  it("resolves what the kernel prints: a symbol, an offset, the distance to the next symbol", () => {
    const read = symbols.get("hello_read");
    const write = symbols.get("hello_write");
    const open = symbols.get("hello_open");
    if (read === undefined || write === undefined || open === undefined) throw new Error("lost");
    const distance = open.place.offset - write.place.offset;
    const expected = { ...write.place, offset: write.place.offset + 0x35 };
    expect(hello.resolve("hello_write", 0x35)).toEqual(expected);
    expect(hello.resolve("hello_write", 0x35, distance)).toEqual(expected);
    expect(hello.resolve("hello_write", 0x35, write.size)).toEqual(expected);
    expect(hello.resolve("hello_write", 0x35, distance + 0x10)).toBeUndefined();
    expect(hello.resolve("hello_write", 0x10_0000)).toBeUndefined();
    expect(hello.resolve("nosuch", 0)).toBeUndefined();
  });

  it("finds a function whose symbol was dropped by the name that the source has", () => {
    expect(symbols.has("hello_init")).toBe(false);
    expect(hello.resolve("hello_init", 5)).toEqual(hello.resolve("init_module", 5));
  });

  it("says where the code is from: the line that calls copy_from_user", () => {
    const place = hello.resolve("hello_write", 0x35);
    const chain = place === undefined ? [] : hello.locate(place);
    expect(chain.at(-1)).toMatchObject({
      function: "hello_write",
      file: "/home/student/4-debugging/hello.c",
    });
    expect(chain.map((at) => at.function)).toContain("copy_from_user");
    expect(place && hello.symbolAt(place)).toEqual(symbols.get("hello_write"));
    expect(place && hello.code(place, 4)).toHaveLength(4);
  });

  it("says nothing of places that are not there", () => {
    expect(hello.locate({ section: 9999, offset: 0 })).toEqual([]);
    expect(hello.locate({ section: 2, offset: 2 ** 40 })).toEqual([]);
    expect(hello.locate({ section: 2, offset: -1 })).toEqual([]);
    expect(hello.symbolAt({ section: 0, offset: 0 })).toBeUndefined();
    expect(hello.code({ section: 9999, offset: 0 }, 4)).toHaveLength(0);
    expect(hello.placeOf(0n)).toBeUndefined();
  });

  it("has records of its functions that say the same as looking up each byte", () => {
    const records = [...hello.functions()];
    expect(records.map(({ name }) => name)).toContain("hello_write");
    let covered = 0;
    for (const record of records) {
      for (let offset = 0; offset < record.size; offset++) {
        const place = { section: record.section, offset: record.start + offset };
        expect(locateInFunction(record, offset)).toEqual(hello.locate(place));
        covered++;
      }
    }
    const sizes = [...symbols.values()].map(({ size }) => size);
    expect(covered).toBeGreaterThanOrEqual(sizes.reduce((sum, size) => sum + size, 0));
  });

  it("knows its units and its build id", () => {
    expect(hello.hasDebugInfo).toBe(true);
    const [unit] = hello.units();
    expect(unit?.name).toBe("/home/student/4-debugging/hello.c");
    expect(unit?.compilationFolder).toBe("/usr/src/linux-source-6.1");
    expect(unit?.producer).toContain("clang version 16");
    expect(hello.buildId).toMatch(/^[0-9a-f]{40}$/);
  });
});

describe("a stripped module", () => {
  const stripped = openDebugFile(
    rebuildElf(bytes, (plan) =>
      plan.name.startsWith(".debug_") ? { ...plan, name: ".gone" } : plan,
    ),
  );

  it("still knows symbols, and the source file of local ones", () => {
    const place = stripped.resolve("hello_write", 0x35);
    expect(place && stripped.locate(place)).toEqual([
      { function: "hello_write", file: "hello.c", line: 0, column: 0 },
    ]);
    expect(stripped.resolve("hello_init", 0)).toBeUndefined();
    expect([...stripped.functions()].map(({ name }) => name)).toContain("hello_write");
    expect(stripped.units()).toEqual([]);
  });

  it("says what to do", () => {
    expect(stripped.hasDebugInfo).toBe(false);
    expect(() => stripped.requireDebugInfo()).toThrow(DwarfError);
    expect(() => stripped.requireDebugInfo()).toThrow("CONFIG_DEBUG_INFO");
  });
});

describe("openDebugFile", () => {
  it("keeps the addresses of a 64-bit kernel exact", () => {
    const base = 0xffff_ffff_8100_0000n;
    const names = new ByteWriter().u8(0).string("start");
    const table = new ByteWriter().bytes(new Uint8Array(24)).u32(1).u8(2, 0).u16(1);
    const kernel = openDebugFile(
      buildElf({
        bits: 64,
        type: 2,
        sections: [
          { name: ".text", bytes: new Uint8Array(0x1000), flags: 6, address: base },
          {
            name: ".symtab",
            bytes: table
              .u64(base + 0x123n)
              .u64(0x45n)
              .finish(),
            type: 2,
            link: 3,
          },
          { name: ".strtab", bytes: names.finish(), type: 3 },
        ],
      }),
    );
    const place = kernel.placeOf(base + 0x123n + 0x44n);
    expect(place).toEqual({ section: 1, offset: 0x167 });
    expect(place && kernel.symbolAt(place)).toMatchObject({ name: "start", size: 0x45 });
    expect(kernel.symbolAt({ section: 1, offset: 0x168 })).toBeUndefined();
    expect(kernel.placeOf(base + 0x1000n)).toBeUndefined();
    expect(kernel.placeOf(0x8100_0000n)).toBeUndefined();
  });

  it("refuses other machines", () => {
    const arm = buildElf({ bits: 64, machine: 183, sections: [] });
    expect(() => openDebugFile(arm)).toThrow(ElfError);
    expect(() => openDebugFile(arm)).toThrow("AArch64");
  });
});
