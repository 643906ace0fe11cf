import { PAGE_BYTES } from "./frames.js";
import type { ProgramClass } from "./program-class.js";

/** Types of the auxiliary vector: include/uapi/linux/auxvec.h. */
const AT_NULL = 0;
const AT_PHDR = 3;
const AT_PHENT = 4;
const AT_PHNUM = 5;
const AT_PAGESZ = 6;
const AT_BASE = 7;
const AT_FLAGS = 8;
const AT_ENTRY = 9;
const AT_UID = 11;
const AT_EUID = 12;
const AT_GID = 13;
const AT_EGID = 14;
const AT_PLATFORM = 15;
const AT_CLKTCK = 17;
const AT_SECURE = 23;
const AT_RANDOM = 25;
const AT_EXECFN = 31;

const RANDOM_BYTES = 16;
/** Of clock_t, for programs (USER_HZ). */
const CLOCK_TICKS = 100;

export interface StackContents {
  readonly programClass: ProgramClass;
  readonly argv: readonly string[];
  /** `NAME=value`. */
  readonly environment: readonly string[];
  /** What AT_RANDOM points to: 16 bytes. */
  readonly random: Uint8Array;
  readonly uid: number;
  readonly entry: number;
  readonly headers: { readonly address: number; readonly count: number; readonly bytes: number };
}

/**
 * What Linux leaves on a new program's stack: System V ABI for AMD64, 3.4.1, and for
 * i386, 2.3.1; fs/binfmt_elf.c, create_elf_tables.
 *
 * @param top the end of the stack
 * @returns the bytes that end at `top`, and what RSP is, which points to argc
 */
export function initialStack(
  top: number,
  contents: StackContents,
): { readonly bytes: Uint8Array; readonly rsp: number } {
  const blobs: Uint8Array[] = [];
  let lowest = top;
  const put = (blob: Uint8Array): number => {
    lowest -= blob.length;
    blobs.unshift(blob);
    return lowest;
  };
  const putString = (text: string): number => put(new TextEncoder().encode(`${text}\0`));
  // The last eight bytes of a stack are zero.
  put(new Uint8Array(8));
  const name = putString(contents.argv[0] ?? "");
  const environment = contents.environment.map(putString);
  const argv = contents.argv.map(putString);
  const platform = putString(contents.programClass.platform);
  const random = put(contents.random.slice(0, RANDOM_BYTES));
  const { entry, headers, uid } = contents;
  const auxiliary: readonly (readonly [type: number, value: number])[] = [
    [AT_PAGESZ, PAGE_BYTES],
    [AT_CLKTCK, CLOCK_TICKS],
    [AT_PHDR, headers.address],
    [AT_PHENT, headers.bytes],
    [AT_PHNUM, headers.count],
    [AT_BASE, 0],
    [AT_FLAGS, 0],
    [AT_ENTRY, entry],
    ...[AT_UID, AT_EUID, AT_GID, AT_EGID].map((type) => [type, uid] as const),
    [AT_SECURE, 0],
    [AT_RANDOM, random],
    [AT_EXECFN, name],
    [AT_PLATFORM, platform],
    [AT_NULL, 0],
  ];
  const words = [argv.length, ...argv, 0, ...environment, 0, ...auxiliary.flat()];
  const wordBytes = contents.programClass.bits / 8;
  const rsp = Math.floor((lowest - words.length * wordBytes) / 16) * 16;
  const bytes = new Uint8Array(top - rsp);
  const view = new DataView(bytes.buffer);
  words.forEach((word, index) => {
    if (wordBytes === 4) view.setUint32(index * 4, word, true);
    else view.setBigUint64(index * 8, BigInt(word), true);
  });
  let at = lowest - rsp;
  for (const blob of blobs) {
    bytes.set(blob, at);
    at += blob.length;
  }
  return { bytes, rsp };
}
