import { zlibSync } from "fflate";
import { describe, expect, it } from "vitest";
import { ElfError, parseElf, SHF_COMPRESSED } from "../elf.js";
import { ByteWriter, buildElf, type SectionPlan } from "../test-support/elf-builder.js";
import { readUncompressed } from "./compression.js";

const content = new TextEncoder().encode(
  "the same words over and over, the same words\n".repeat(9),
);

function header(bits: 32 | 64, type: number, size: number): ByteWriter {
  const writer = new ByteWriter().u32(type);
  if (bits === 64) writer.u32(0);
  return writer.word(bits, size).word(bits, 1);
}

function read(bits: 32 | 64, plan: SectionPlan): Uint8Array {
  const elf = parseElf(buildElf({ bits, sections: [plan] }));
  const section = elf.sections[1];
  if (section === undefined) throw new Error("The file has no section.");
  return readUncompressed(elf, section);
}

/** RFC 8878: a frame of one segment with one block as it is, which holds less than 256 bytes. */
function zstdFrame(data: Uint8Array): Uint8Array {
  const block = (data.length << 3) | 1;
  return new ByteWriter()
    .u32(0xfd2fb528)
    .u8(0x20, data.length)
    .u8(block, block >> 8, 0)
    .bytes(data)
    .finish();
}

describe.each([32, 64] as const)("readUncompressed, %i bits", (bits) => {
  const compressed = (type: number, data: Uint8Array, size = content.length): SectionPlan => ({
    name: ".debug_str",
    flags: SHF_COMPRESSED,
    bytes: header(bits, type, size).bytes(data).finish(),
  });

  it("inflates zlib", () => {
    expect(read(bits, compressed(1, zlibSync(content)))).toEqual(content);
  });

  it("decompresses zstd", () => {
    const short = content.subarray(0, 200);
    expect(read(bits, compressed(2, zstdFrame(short), short.length))).toEqual(short);
  });

  it("leaves other sections as they are", () => {
    expect(read(bits, { name: ".debug_str", bytes: content })).toEqual(content);
  });

  it("refuses a size that the data does not have", () => {
    const data = zlibSync(content);
    expect(() => read(bits, compressed(1, data, content.length + 1))).toThrow(ElfError);
    expect(() => read(bits, compressed(1, data, content.length - 1))).toThrow(ElfError);
    expect(() => read(bits, compressed(2, zstdFrame(content.subarray(9, 99)), 50))).toThrow(
      ElfError,
    );
  });

  it("refuses a size that would take the memory of the machine, without taking it", () => {
    expect(() => read(bits, compressed(1, zlibSync(content), 0xffff_0000))).toThrow("claims");
    expect(() => read(bits, compressed(2, zstdFrame(content), 0xffff_0000))).toThrow("claims");
  });

  it("refuses damaged data, and methods that it does not know", () => {
    expect(() => read(bits, compressed(1, content))).toThrow(ElfError);
    expect(() => read(bits, compressed(2, content))).toThrow(ElfError);
    expect(() => read(bits, compressed(3, content))).toThrow("method 3");
  });
});

describe("readUncompressed of old GNU sections", () => {
  const gnu = (bytes: ByteWriter): SectionPlan => ({ name: ".zdebug_str", bytes: bytes.finish() });
  const magic = new TextEncoder().encode("ZLIB");

  it("inflates them", () => {
    const size = [0, 0, 0, 0, 0, 0, content.length >> 8, content.length & 0xff];
    const plan = gnu(
      new ByteWriter()
        .bytes(magic)
        .u8(...size)
        .bytes(zlibSync(content)),
    );
    expect(read(32, plan)).toEqual(content);
  });

  it("refuses others", () => {
    expect(() => read(32, gnu(new ByteWriter().bytes(content)))).toThrow(ElfError);
    expect(() => read(32, gnu(new ByteWriter().bytes(magic)))).toThrow(ElfError);
  });
});
