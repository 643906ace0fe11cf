/** A file that LLVM wrote, and what LLVM says of it. */
import { describe, expect, it } from "vitest";
import { GsymReader } from "./gsym-reader.js";

/**
 * What `llvm-gsymutil-16 --convert` made of a program compiled by clang 16: in tiny.c,
 * area() calls sum(), which calls square() of shapes.h, both inlined; and twice().
 */
const TINY = Buffer.from(
  "TVlTRwEABAAAAEAAAAAAAAIAAABcAAAAMwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADAwEAAwMCQAAAA6AAAAAMAAAAAAAAA" +
    "AAAAAAYAAAALAAAAEgAAABkAAAAAYXJlYQAvc3JjAHRpbnkuYwAvc3JjLy4Ac2hhcGVzLmgAc3VtAHNxdWFyZQB0d2ljZQAA" +
    "OwAAAAEAAAABAAAAGAAAAHkHDAtmQCMDBwIUAQI0AQE8KG4DEAIJAAIAAAAgAAAAAQA7AQEAAAAAAAEKJQEiAAAAAQ8BGQMA" +
    "JgAAAAEHAAAAAAAAAAAAAAcAAAAtAAAAAQAAAAYAAAAAARMEDQAAAAAAAAAAAA==",
  "base64",
);

/** llvm-gsymutil-16 prints these as the table's absolute addresses. */
const AREA = 0xc1000000 - 0x400000;

describe("a GSYM file of LLVM's", () => {
  const reader = new GsymReader(TINY);
  const tiny = "/src/tiny.c";
  const shapes = "/src/./shapes.h";

  it("has its base address and its functions", () => {
    expect(reader.header.baseAddress).toBe(0x400000n);
    expect([...reader.starts]).toEqual([AREA, AREA + 0x40]);
    expect(reader.symbol(1)).toEqual({ name: "twice", start: AREA + 0x40, size: 7 });
  });

  it("has the lines that llvm-gsymutil prints", () => {
    const lines = reader
      .function(0)
      .rows.map(({ offset, file, line }) => `${offset.toString(16)} ${file}:${line}`);
    expect(lines).toEqual([
      `0 ${tiny}:12`,
      `6 ${tiny}:13`,
      `a ${tiny}:6`,
      `c ${tiny}:0`,
      `20 ${tiny}:7`,
      `23 ${shapes}:3`,
      `26 ${tiny}:7`,
      `28 ${tiny}:6`,
      `2f ${tiny}:0`,
      `38 ${tiny}:16`,
    ]);
    expect(reader.function(1).rows.map(({ line }) => line)).toEqual([19, 20]);
  });

  it("has the inlined calls that llvm-gsymutil prints", () => {
    const [sum] = reader.function(0).inlined;
    expect(sum).toMatchObject({
      name: "sum",
      ranges: [[0xa, 0x2f]],
      callFile: tiny,
      callLine: 15,
      inlined: [{ name: "square", ranges: [[0x23, 0x26]], callFile: tiny, callLine: 7 }],
    });
    expect(reader.function(1).inlined).toEqual([]);
  });

  it("has no columns", () => {
    expect(reader.function(0).rows.every(({ column }) => column === 0)).toBe(true);
  });
});
