import { describe, expect, it } from "vitest";
import { readElfProgram } from "./elf-program.js";
import { I386 } from "./program-class.js";
import { TINY_ENTRY, tinyProgram } from "./test-support/i386-programs.js";
import { readProgram } from "./test-support/programs.js";
import { UserModeError } from "./user-mode-error.js";

describe("a program's segments are those of readelf -lW", () => {
  it("of one that has its place", () => {
    const { entry, isMovable, segments, headers } = readElfProgram(readProgram("busybox"));
    expect({ entry, isMovable, headers }).toEqual({
      entry: 0x40ebf0,
      isMovable: false,
      headers: { address: 0x400040, count: 10, bytes: 56 },
    });
    const rows = segments.map(({ address, bytes, size, isWritable, isExecutable }) => {
      return [address, bytes.length, size, `R${isWritable ? "W" : ""}${isExecutable ? "E" : ""}`];
    });
    expect(rows).toEqual([
      [0x400000, 0x6e0, 0x6e0, "R"],
      [0x401000, 0x183989, 0x183989, "RE"],
      [0x585000, 0x55017, 0x55017, "R"],
      [0x5db708, 0x9008, 0x10450, "RW"],
    ]);
  });

  it("of one that can be moved", () => {
    const { isMovable, segments } = readElfProgram(readProgram("long-double"));
    expect(isMovable).toBe(true);
    expect(segments[0]?.address).toBe(0);
  });
});

it("a program of 32 bits is read by its own layout", () => {
  const file = tinyProgram([0xcc]);
  const program = readElfProgram(file);
  expect(program.programClass).toBe(I386);
  expect(program).toMatchObject({
    entry: TINY_ENTRY,
    isMovable: false,
    headers: { address: 0x8048034, count: 1, bytes: 32 },
    segments: [
      { address: 0x8048000, bytes: file, size: 85, isWritable: false, isExecutable: true },
    ],
  });
});

describe("a file that is no static program for x86-64 or i386 is refused", () => {
  const program = readProgram("loops");
  const changed = (at: number, ...bytes: number[]): Uint8Array => {
    const copy = program.slice();
    copy.set(bytes, at);
    return copy;
  };

  it.each([
    ["nothing", new Uint8Array()],
    ["a script", new TextEncoder().encode(`#!/bin/sh\n${"\n".repeat(100)}`)],
    ["32 bits of x86-64", changed(4, 1)],
    ["another processor", changed(18, 0xb7)],
    ["an object file", changed(16, 1)],
    ["program headers beyond the end", changed(32, 0xff, 0xff, 0xff, 0x7f)],
    ["a segment beyond the end", changed(64 + 56 + 32, 0xff, 0xff, 0xff, 0xff)],
    ["an interpreter", changed(64, 3)],
    ["only its first bytes", program.subarray(0, 70)],
  ])("%s", (_name, file) => {
    expect(() => readElfProgram(file)).toThrow(UserModeError);
  });
});
