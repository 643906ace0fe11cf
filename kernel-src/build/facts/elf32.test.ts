import { expect, test } from "vitest";
import { Elf32 } from "./elf32.js";

/** A 32-bit ELF file with a symbol `banner` at 0x1000 that holds a text (System V ABI, ch. 4). */
function sampleElf(): Buffer {
  const names = Buffer.from("\0.rodata\0.symtab\0.strtab\0banner\0", "latin1");
  const text = Buffer.from("Linux version 6.1\n\0", "latin1");
  const symbols = Buffer.alloc(32);
  symbols.writeUInt32LE(names.indexOf("banner"), 16);
  symbols.writeUInt32LE(0x1000, 20);
  symbols.writeUInt32LE(text.length, 24);
  const header = Buffer.alloc(52);
  header.write("\x7fELF\x01\x01\x01", "latin1");
  const bodies = [text, symbols, names];
  const table = 52 + bodies.reduce((sum, body) => sum + body.length, 0);
  header.writeUInt32LE(table, 32);
  header.writeUInt16LE(40, 46);
  header.writeUInt16LE(4, 48);
  header.writeUInt16LE(3, 50);
  let offset = 52;
  const section = (name: string, type: number, address: number, link: number, size: number) => {
    const entry = Buffer.alloc(40);
    entry.writeUInt32LE(names.indexOf(name), 0);
    entry.writeUInt32LE(type, 4);
    entry.writeUInt32LE(address, 12);
    entry.writeUInt32LE(offset, 16);
    entry.writeUInt32LE(size, 20);
    entry.writeUInt32LE(link, 24);
    offset += size;
    return entry;
  };
  return Buffer.concat([
    header,
    ...bodies,
    Buffer.alloc(40),
    section(".rodata", 1, 0x1000, 0, text.length),
    section(".symtab", 2, 0, 3, symbols.length),
    section(".strtab", 3, 0, 0, names.length),
  ]);
}

test("reads symbols, sections and texts", () => {
  const elf = new Elf32(sampleElf());
  expect([...elf.symbols()].at(-1)).toEqual({ name: "banner", start: 0x1000, size: 19 });
  expect(elf.section(".rodata").length).toBe(19);
  expect(elf.stringAtAddress(0x1006)).toBe("version 6.1\n");
});

test("says what is not there", () => {
  const elf = new Elf32(sampleElf());
  expect(() => elf.section(".BTF")).toThrow("The ELF file has no section .BTF.");
  expect(() => elf.stringAtAddress(0x2000)).toThrow("Nothing in the ELF file at 0x2000.");
});

test("refuses another class of ELF file", () => {
  const elf64 = sampleElf();
  elf64[4] = 2;
  expect(() => new Elf32(elf64)).toThrow("Not a 32-bit little-endian ELF file.");
  expect(() => new Elf32(Buffer.alloc(10))).toThrow("Not a 32-bit little-endian ELF file.");
});
