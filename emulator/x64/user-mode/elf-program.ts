import { UserModeError } from "./user-mode-error.js";

/** A part of a program that is loaded (PT_LOAD): System V ABI, chapter 5. */
export interface ElfSegment {
  /** In the file, with the address that the program has in it: see {@link ElfProgram.isMovable}. */
  readonly address: number;
  readonly bytes: Uint8Array;
  /** In memory: what is more than `bytes` is zero. */
  readonly size: number;
  readonly isWritable: boolean;
  readonly isExecutable: boolean;
}

export interface ElfProgram {
  readonly entry: number;
  /** It is a PIE: it can be loaded at any distance from the addresses in it. */
  readonly isMovable: boolean;
  readonly segments: readonly ElfSegment[];
  /** Where the program headers are in memory, and how many: AT_PHDR, AT_PHNUM. */
  readonly headers: { readonly address: number; readonly count: number };
}

const EM_X86_64 = 62;
const ET_EXEC = 2;
const ET_DYN = 3;
const PT_LOAD = 1;
const PT_INTERP = 3;
const PF_X = 1;
const PF_W = 2;
export const PROGRAM_HEADER_BYTES = 56;
const FILE_HEADER_BYTES = 64;
/** Linux takes no more (fs/binfmt_elf.c, load_elf_phdrs: one page of 56 bytes each). */
const MOST_HEADERS = 65536 / PROGRAM_HEADER_BYTES;
/** Of what a program in user mode can have. */
const END_OF_USER_ADDRESSES = 2 ** 47;

/**
 * Reads what a loader has to know of a static x86-64 program.
 * @throws UserModeError `not-a-program`
 */
export function readElfProgram(file: Uint8Array): ElfProgram {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < FILE_HEADER_BYTES || view.getUint32(0) !== 0x7f454c46) {
    throw bad("it is no ELF file");
  }
  const type = view.getUint16(16, true);
  // Class 2 has 64 bits, encoding 1 is little-endian.
  const isAmd64 = file[4] === 2 && file[5] === 1 && view.getUint16(18, true) === EM_X86_64;
  if (!isAmd64 || (type !== ET_EXEC && type !== ET_DYN)) throw bad("it is no x86-64 program");
  const offset = number(view, 32);
  const count = view.getUint16(56, true);
  const isWhole = offset + count * PROGRAM_HEADER_BYTES <= file.length;
  if (count === 0 || count > MOST_HEADERS || !isWhole) throw bad("its program headers are damaged");
  const segments: ElfSegment[] = [];
  let headers: number | undefined;
  for (let index = 0; index < count; index++) {
    const at = offset + index * PROGRAM_HEADER_BYTES;
    const kind = view.getUint32(at, true);
    if (kind === PT_INTERP) throw bad("it is not static: it needs an interpreter");
    if (kind !== PT_LOAD) continue;
    const segment = readSegment(file, view, at);
    segments.push(segment);
    const inSegment = offset - number(view, at + 8);
    if (inSegment >= 0 && inSegment < segment.bytes.length) headers = segment.address + inSegment;
  }
  if (segments.length === 0) throw bad("nothing of it is loaded");
  return {
    entry: number(view, 24),
    isMovable: type === ET_DYN,
    segments,
    // A program whose headers are not loaded gets what would be theirs, as from Linux.
    headers: { address: headers ?? (segments[0]?.address ?? 0) + offset, count },
  };
}

function readSegment(file: Uint8Array, view: DataView, at: number): ElfSegment {
  const flags = view.getUint32(at + 4, true);
  const offset = number(view, at + 8);
  const address = number(view, at + 16);
  const inFile = number(view, at + 32);
  const size = number(view, at + 40);
  const fits = offset + inFile <= file.length && inFile <= size;
  if (!fits || address + size > END_OF_USER_ADDRESSES) throw bad("a segment of it is damaged");
  return {
    address,
    bytes: file.subarray(offset, offset + inFile),
    size,
    isWritable: (flags & PF_W) !== 0,
    isExecutable: (flags & PF_X) !== 0,
  };
}

/** A size, an offset or an address: beyond 2^53 they are refused all the same, as too large. */
function number(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

function bad(why: string): UserModeError {
  return new UserModeError(
    "not-a-program",
    `The file cannot be run: ${why}. It has to be a static program for x86-64 Linux.`,
  );
}
