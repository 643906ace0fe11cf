import { describe, expect, it } from "vitest";
import { ElfError, parseElf } from "./elf.js";
import { buildElf } from "./test-support/elf-builder.js";

const text = { name: ".text", bytes: Uint8Array.of(0x90, 0xc3), flags: 6, alignment: 16 };

function codeOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof ElfError) return error.code;
    throw error;
  }
  return "none";
}

describe.each([32, 64] as const)("parseElf, %i bits", (bits) => {
  const file = buildElf({
    bits,
    sections: [text, { name: ".bss", bytes: new Uint8Array(), type: 8, size: 2 ** 31 }],
  });

  it("reads section headers", () => {
    const elf = parseElf(file);
    expect(elf).toMatchObject({ bits, type: 1, machine: bits === 32 ? 3 : 62 });
    expect(elf.sections.map(({ name }) => name)).toEqual(["", ".text", ".bss", ".shstrtab"]);
    const [, section, bss] = elf.sections;
    expect(section).toMatchObject({ type: 1, flags: 6, address: 0n, size: 2, alignment: 16 });
    expect(section && elf.read(section)).toEqual(Uint8Array.of(0x90, 0xc3));
    expect(bss && elf.read(bss)).toEqual(new Uint8Array());
  });

  it("reads addresses of the top of the address space", () => {
    const address = bits === 32 ? 0xc100_0000n : 0xffff_ffff_8100_0000n;
    const elf = parseElf(buildElf({ bits, type: 2, sections: [{ ...text, address }] }));
    expect(elf.sections[1]?.address).toBe(address);
  });

  it("finds the number of sections, and the one with the names, where they do not fit the header", () => {
    const many = file.slice();
    const view = new DataView(many.buffer);
    const table = bits === 32 ? view.getUint32(32, true) : Number(view.getBigUint64(40, true));
    view.setUint16(bits === 32 ? 48 : 60, 0, true);
    view.setUint16(bits === 32 ? 50 : 62, 0xffff, true);
    view.setUint32(table + (bits === 32 ? 20 : 32), 4, true);
    view.setUint32(table + (bits === 32 ? 24 : 40), 3, true);
    expect(parseElf(many).sections.map(({ name }) => name)).toEqual(
      parseElf(file).sections.map(({ name }) => name),
    );
  });

  it("refuses what is cut off", () => {
    for (let size = 7; size < file.length; size++) {
      expect(codeOf(() => parseElf(file.slice(0, size)))).toBe("corrupt-elf");
    }
  });
});

describe("parseElf", () => {
  it("refuses other files", () => {
    expect(codeOf(() => parseElf(new TextEncoder().encode("#!/bin/sh")))).toBe("not-elf");
    expect(codeOf(() => parseElf(new Uint8Array()))).toBe("not-elf");
  });

  it("refuses big-endian files", () => {
    const file = buildElf({ bits: 32, sections: [] });
    file[5] = 2;
    expect(codeOf(() => parseElf(file))).toBe("unsupported-elf");
  });
});
