import { describe, expect, test } from "vitest";
import { SparseBytes } from "./sparse-bytes.js";
import { seededRandom } from "./test-random.js";

const MIB = 2 ** 20;

function content(file: SparseBytes): Uint8Array {
  const bytes = new Uint8Array(file.size).fill(0xee);
  expect(file.read(0, bytes)).toBe(file.size);
  return bytes;
}

describe("file content", () => {
  test("behaves as an array of bytes under random writes, cuts and extensions", () => {
    const random = seededRandom(1);
    const file = new SparseBytes();
    const model = new Uint8Array(300_000);
    let size = 0;
    for (let i = 0; i < 400; i++) {
      if (random(4) === 0) {
        const next = random(model.length);
        file.resize(next);
        model.fill(0, Math.min(next, size));
        size = next;
      } else {
        const offset = random(random(2) === 0 ? model.length - 70_000 : size + 1);
        const source = new Uint8Array(Math.min(random(70_000), model.length - offset)).fill(i);
        const growth = file.growth(offset, source.length);
        const before = file.allocated;
        file.write(offset, source);
        expect(file.allocated).toBe(before + growth);
        model.set(source, offset);
        if (source.length > 0) size = Math.max(size, offset + source.length);
      }
      expect(file.size).toBe(size);
      // Not toEqual: it looks at each byte as a value, and takes minutes.
      expect(Buffer.compare(content(file), model.subarray(0, size))).toBe(0);
    }
  });

  test("holes take no memory and read as zeros", () => {
    const file = new SparseBytes();
    file.write(900 * MIB, Uint8Array.of(1));
    expect(file.size).toBe(900 * MIB + 1);
    expect(file.allocated).toBe(512);
    const bytes = new Uint8Array(100).fill(7);
    expect(file.read(5 * MIB - 3, bytes)).toBe(100);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
  });

  test("what was cut off does not come back", () => {
    const file = new SparseBytes();
    file.write(0, new Uint8Array(1000).fill(9));
    file.resize(10);
    file.resize(1000);
    expect(content(file).subarray(0, 11)).toEqual(Uint8Array.of(9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 0));
    file.resize(0);
    expect(file.allocated).toBe(0);
  });

  // Copying the file at each write would take longer than a test may.
  test("appending in 400 large pieces and 200,000 small ones is linear", () => {
    const file = new SparseBytes();
    const piece = new Uint8Array(128 * 1024).fill(1);
    for (let i = 0; i < 400; i++) file.write(i * piece.length, piece);
    for (let i = 0; i < 200_000; i++) file.write(50 * MIB + i, piece.subarray(0, 1));
    expect(file.size).toBe(50 * MIB + 200_000);
  });
});
