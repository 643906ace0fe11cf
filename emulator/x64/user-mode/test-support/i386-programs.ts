import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { parseTar } from "nanotar";

const image = (name: string): Buffer => {
  const path = fileURLToPath(new URL(`../../../../images/i686/${name}`, import.meta.url));
  return gunzipSync(readFileSync(path));
};

/** The guest's busybox: static, for i386, with musl. */
export function readBusybox(): Uint8Array {
  return fileOfNewc(image("initramfs.cpio.gz"), "bin/busybox");
}

/** The test program of the course's section about file operations: static, for i386. */
export function readCourseTest(): Uint8Array {
  const name = "home/student/2-fops/a.out";
  const data = parseTar(image("course.tar.gz")).find((file) => file.name === name)?.data;
  if (data === undefined) throw new Error(`course.tar.gz has no ${name}: npm run images`);
  return data;
}

/** Where {@link tinyProgram} begins its code. */
export const TINY_ENTRY = 0x8048054;

/** A program of nothing but this code: Elf32_Ehdr and Elf32_Phdr of the System V ABI. */
export function tinyProgram(code: readonly number[]): Uint8Array {
  const file = new Uint8Array(84 + code.length);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  view.setUint16(16, 2, true); // ET_EXEC
  view.setUint16(18, 3, true); // EM_386
  view.setUint32(20, 1, true); // e_version
  view.setUint32(24, TINY_ENTRY, true);
  view.setUint32(28, 52, true); // e_phoff
  view.setUint16(40, 52, true); // e_ehsize
  view.setUint16(42, 32, true); // e_phentsize
  view.setUint16(44, 1, true); // e_phnum
  // PT_LOAD, its offset, two addresses, two sizes, R and X, its alignment.
  const header = [1, 0, 0x8048000, 0x8048000, file.length, file.length, 5, 4096];
  for (const [index, word] of header.entries()) view.setUint32(52 + index * 4, word, true);
  file.set(code, 84);
  return file;
}

/** The header: magic and 13 fields of 8 hexadecimal digits (kernel: buffer-format.rst). */
const HEADER_BYTES = 110;
const SIZE_FIELD = 54;
const NAME_SIZE_FIELD = 94;

/** A file of a cpio archive in the "newc" format. */
function fileOfNewc(archive: Buffer, wanted: string): Uint8Array {
  const number = (at: number): number =>
    Number.parseInt(archive.toString("latin1", at, at + 8), 16);
  const aligned = (at: number): number => Math.ceil(at / 4) * 4;
  for (let at = 0; at < archive.length; ) {
    const [size, nameSize] = [number(at + SIZE_FIELD), number(at + NAME_SIZE_FIELD)];
    const name = archive.toString("latin1", at + HEADER_BYTES, at + HEADER_BYTES + nameSize - 1);
    const data = aligned(at + HEADER_BYTES + nameSize);
    if (name === wanted) return new Uint8Array(archive.subarray(data, data + size));
    if (name === "TRAILER!!!") break;
    at = aligned(data + size);
  }
  throw new Error(`initramfs.cpio.gz has no ${wanted}: npm run images`);
}
