import type { OpenFile } from "../open-file.js";

const STAT_BYTES = 144;
const BLOCK_BYTES = 4096;
/** st_blocks counts these, whatever the file system has (stat(2)). */
const SECTOR_BYTES = 512;
/** include/uapi/linux/stat.h, with the rights. */
const MODE_OF_KIND = { file: 0o100644, directory: 0o040755, pipe: 0o010600 } as const;

/** The program's `struct stat`: arch/x86/include/uapi/asm/stat.h. Files are as old as 1970. */
export function statOf({ kind, inode, size }: OpenFile, uid: number): Uint8Array {
  const bytes = new Uint8Array(STAT_BYTES);
  const view = new DataView(bytes.buffer);
  const put64 = (offset: number, value: number): void => {
    view.setBigUint64(offset, BigInt(value), true);
  };
  put64(0, 1); // st_dev
  put64(8, inode);
  put64(16, 1); // st_nlink
  view.setUint32(24, MODE_OF_KIND[kind], true);
  view.setUint32(28, uid, true);
  view.setUint32(32, uid, true); // st_gid
  put64(48, size);
  put64(56, BLOCK_BYTES);
  put64(64, Math.ceil(size / SECTOR_BYTES));
  return bytes;
}

const STAT64_BYTES = 96;
/** __st_ino, which has 32 bits, comes before the one of 64. */
const SHORT_INODE = 12;

/** `struct stat64` of i386: arch/x86/include/uapi/asm/stat.h. */
export function stat64Of({ kind, inode, size }: OpenFile, uid: number): Uint8Array {
  const bytes = new Uint8Array(STAT64_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 1, true); // st_dev
  view.setUint32(SHORT_INODE, inode, true);
  view.setUint32(16, MODE_OF_KIND[kind], true);
  view.setUint32(20, 1, true); // st_nlink
  view.setUint32(24, uid, true);
  view.setUint32(28, uid, true); // st_gid
  view.setBigUint64(44, BigInt(size), true);
  view.setUint32(52, BLOCK_BYTES, true);
  view.setBigUint64(56, BigInt(Math.ceil(size / SECTOR_BYTES)), true);
  view.setBigUint64(88, BigInt(inode), true);
  return bytes;
}

const STATX_BYTES = 256;
const STATX_BASIC_STATS = 0x7ff;

/** `struct statx`, the same for all: include/uapi/linux/stat.h. */
export function statxOf({ kind, inode, size }: OpenFile, uid: number): Uint8Array {
  const bytes = new Uint8Array(STATX_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, STATX_BASIC_STATS, true);
  view.setUint32(4, BLOCK_BYTES, true);
  view.setUint32(16, 1, true); // stx_nlink
  view.setUint32(20, uid, true);
  view.setUint32(24, uid, true); // stx_gid
  view.setUint16(28, MODE_OF_KIND[kind], true);
  view.setBigUint64(32, BigInt(inode), true);
  view.setBigUint64(40, BigInt(size), true);
  view.setBigUint64(48, BigInt(Math.ceil(size / SECTOR_BYTES)), true);
  view.setUint32(140, 1, true); // stx_dev_minor
  return bytes;
}
