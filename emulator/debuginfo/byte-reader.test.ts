import { describe, expect, it } from "vitest";
import { ByteReader, stringAt } from "./byte-reader.js";

const reader = (...bytes: number[]): ByteReader =>
  new ByteReader(Uint8Array.from(bytes), (message) => new Error(message));

describe("ByteReader", () => {
  it.each([
    [2, [0x02]],
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [129, [0x81, 0x01]],
    [12857, [0xb9, 0x64]],
  ])("reads the unsigned LEB128 %i of the standard (DWARF 5, table 7.7)", (value, bytes) => {
    expect(reader(...bytes).uleb128()).toBe(value);
  });

  it.each([
    [2, [0x02]],
    [-2, [0x7e]],
    [127, [0xff, 0x00]],
    [-127, [0x81, 0x7f]],
    [128, [0x80, 0x01]],
    [-128, [0x80, 0x7f]],
    [129, [0x81, 0x01]],
    [-129, [0xff, 0x7e]],
  ])("reads the signed LEB128 %i of the standard (DWARF 5, table 7.8)", (value, bytes) => {
    expect(reader(...bytes).sleb128()).toBe(value);
  });

  it("reads numbers of each size", () => {
    const numbers = reader(1, 0xff, 2, 1, 3, 2, 1, 4, 3, 2, 0x81);
    expect([numbers.u8(), numbers.i8(), numbers.u16()]).toEqual([1, -1, 0x0102]);
    expect([numbers.u24(), numbers.u32()]).toEqual([0x010203, 0x81020304]);
    expect(numbers.atEnd).toBe(true);
  });

  it("reads a kernel's addresses exactly, as signed", () => {
    const address = [0x45, 0x23, 0x01, 0x81, 0xff, 0xff, 0xff, 0xff];
    expect(BigInt.asUintN(64, BigInt(reader(...address).i64()))).toBe(0xffff_ffff_8101_2345n);
    expect(reader(...address.slice(0, 4), 1, 0, 0, 0).u64()).toBe(0x1_8101_2345);
  });

  it("refuses to read behind the end", () => {
    expect(() => reader(1, 2, 3).u32()).toThrow("behind its end");
    expect(() => reader(0x80).uleb128()).toThrow("behind its end");
    expect(() => reader(1).skip(2)).toThrow("behind its end");
    expect(() => reader(1).skip(Number.NaN)).toThrow("behind its end");
    expect(() => reader(1).seek(-1)).toThrow("behind its end");
    expect(() => reader(1).slice(0, 2)).toThrow("behind its end");
    expect(() => reader(0x41, 0x42).skipString()).toThrow("does not end");
  });

  it("gives up on numbers that do not end", () => {
    const endless = Array.from({ length: 100 }, () => 0x80);
    expect(() => reader(...endless).uleb128()).toThrow("does not end");
    expect(() => reader(...endless).sleb128()).toThrow("does not end");
    expect(() => reader(...endless).skipLeb128()).toThrow("does not end");
  });
});

describe("stringAt", () => {
  const table = new TextEncoder().encode("\0one\0two");

  it("reads a string up to its NUL", () => {
    expect(stringAt(table, 1)).toBe("one");
    expect(stringAt(table, 2)).toBe("ne");
    expect(stringAt(table, 0)).toBe("");
  });

  it("finds nothing outside, nor where the NUL is missing", () => {
    expect(stringAt(table, 5)).toBeUndefined();
    expect(stringAt(table, 100)).toBeUndefined();
    expect(stringAt(table, -1)).toBeUndefined();
    expect(stringAt(new Uint8Array(5000).fill(0x41), 0)).toBeUndefined();
  });
});
