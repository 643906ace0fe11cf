import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { EarlyGunzip } from "./early-gunzip.js";

const STATE = new TextEncoder().encode("the machine's state, ".repeat(1000));
const HEADER = new TextEncoder().encode('{"of": "a checkpoint"}');

/** As checkpoint-format.ts describes it. */
const FILE = Uint8Array.from([
  ...new TextEncoder().encode("KSPACE"),
  0,
  1,
  HEADER.length,
  0,
  0,
  0,
  ...HEADER,
  ...gzipSync(STATE),
]);
const PACKED = FILE.subarray(12 + HEADER.length);

function unpackIn(pieces: number, file: Uint8Array = FILE): EarlyGunzip {
  const unpacking = new EarlyGunzip();
  for (let at = 0; at < file.length; at += pieces) {
    unpacking.write(file.subarray(at, at + pieces));
  }
  unpacking.end();
  return unpacking;
}

describe("a file that is unpacked while it comes", () => {
  it.each([1, 5, 12, 13, 40, 1000])("is the same in pieces of %i bytes", async (pieces) => {
    expect(await unpackIn(pieces).resultFor(PACKED, FILE)).toEqual(STATE);
  });

  it("answers for the state of that file alone", () => {
    const unpacking = unpackIn(100);
    expect(unpacking.resultFor(PACKED.slice(), FILE)).toBeUndefined();
    expect(unpacking.resultFor(PACKED.subarray(1), FILE)).toBeUndefined();
    expect(unpacking.resultFor(PACKED.subarray(0, -1), FILE)).toBeUndefined();
  });

  it("unpacks nothing of a file of another kind", () => {
    const other = new TextEncoder().encode("<!doctype html> of a server that has no such file");
    expect(unpackIn(10, other).resultFor(other.subarray(12), other)).toBeUndefined();
  });

  it("says no more of damage than whoever asks finds", async () => {
    const damaged = FILE.slice();
    damaged.fill(0xff, 12 + HEADER.length + 20);
    const packed = damaged.subarray(12 + HEADER.length);
    await expect(unpackIn(50, damaged).resultFor(packed, damaged)).rejects.toThrow();
  });
});
