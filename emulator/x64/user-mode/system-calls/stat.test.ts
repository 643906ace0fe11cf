import { describe, expect, it } from "vitest";
import { FileData, RegularFile } from "../open-file.js";
import { stat64Of, statxOf } from "./stat.js";

const UID = 1000;
const file = new RegularFile(new FileData(77, new Uint8Array(1025)), 0);

/** By what GCC's offsetof says for Linux's headers with -m32: offset, bits, value. */
type Field = readonly [name: string, offset: number, bits: 16 | 32 | 64, value: number];

const stat64: readonly Field[] = [
  ["st_dev", 0, 64, 1],
  ["__st_ino", 12, 32, 77],
  ["st_mode", 16, 32, 0o100644],
  ["st_nlink", 20, 32, 1],
  ["st_uid", 24, 32, UID],
  ["st_gid", 28, 32, UID],
  ["st_size", 44, 64, 1025],
  ["st_blksize", 52, 32, 4096],
  ["st_blocks", 56, 64, 3],
  ["st_ino", 88, 64, 77],
];

const statx: readonly Field[] = [
  ["stx_mask", 0, 32, 0x7ff],
  ["stx_blksize", 4, 32, 4096],
  ["stx_nlink", 16, 32, 1],
  ["stx_uid", 20, 32, UID],
  ["stx_gid", 24, 32, UID],
  ["stx_mode", 28, 16, 0o100644],
  ["stx_ino", 32, 64, 77],
  ["stx_size", 40, 64, 1025],
  ["stx_blocks", 48, 64, 3],
  ["stx_dev_minor", 140, 32, 1],
];

describe.each([
  ["stat64 of i386", stat64, stat64Of(file, UID), 96],
  ["statx", statx, statxOf(file, UID), 256],
] as const)("struct %s", (_name, fields, bytes, size) => {
  it("has its fields where Linux has them", () => {
    const view = new DataView(bytes.buffer);
    const found = fields.map(([name, offset, bits]) => {
      if (bits === 64) return [name, Number(view.getBigUint64(offset, true))];
      return [name, bits === 32 ? view.getUint32(offset, true) : view.getUint16(offset, true)];
    });
    expect(found).toEqual(fields.map(([name, , , value]) => [name, value]));
    expect(bytes.length).toBe(size);
  });
});
