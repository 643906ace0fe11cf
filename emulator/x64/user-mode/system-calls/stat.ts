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
