import { type ElfLayout, elfLayout } from "./elf-layout.js";
import type { ProgramClass } from "./program-class.js";
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
  readonly programClass: ProgramClass;
  readonly entry: number;
  /** It is a PIE: it can be loaded at any distance from the addresses in it. */
  readonly isMovable: boolean;
  readonly segments: readonly ElfSegment[];
  /** Where the program headers are in memory, how many, and their size: AT_PHDR, AT_PHNUM, AT_PHENT. */
  readonly headers: { readonly address: number; readonly count: number; readonly bytes: number };
}

const ET_EXEC = 2;
const ET_DYN = 3;
const PT_LOAD = 1;
const PT_INTERP = 3;
const PF_X = 1;
const PF_W = 2;
/** The larger one of the two file headers: with a program header, no file is smaller. */
const SMALLEST_FILE = 64;
/** Linux takes no more of them (fs/binfmt_elf.c, load_elf_phdrs). */
const MOST_HEADER_BYTES = 65536;

/**
 * Reads what a loader has to know of a static program for x86-64, or for i386.
 * @throws UserModeError `not-a-program`
 */
export function readElfProgram(file: Uint8Array): ElfProgram {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < SMALLEST_FILE || view.getUint32(0) !== 0x7f454c46) {
    throw bad("it is no ELF file");
  }
  const type = view.getUint16(16, true);
  const layout = elfLayout(view.getUint8(4), view.getUint16(18, true));
  // Encoding 1 is little-endian.
  if (layout === undefined || view.getUint8(5) !== 1 || (type !== ET_EXEC && type !== ET_DYN)) {
    throw bad("it is no x86 program");
  }
  const { programClass, programHeaderBytes } = layout;
  const offset = number(view, layout.headersOffset, layout);
  const count = view.getUint16(layout.headersCount, true);
  const headerBytes = count * programHeaderBytes;
  const isWhole = offset + headerBytes <= file.length;
  if (count === 0 || headerBytes > MOST_HEADER_BYTES || !isWhole) {
    throw bad("its program headers are damaged");
  }
  const segments: ElfSegment[] = [];
  let headers: number | undefined;
  for (let index = 0; index < count; index++) {
    const at = offset + index * programHeaderBytes;
    const kind = view.getUint32(at, true);
    if (kind === PT_INTERP) throw bad("it is not static: it needs an interpreter");
    if (kind !== PT_LOAD) continue;
    const segment = readSegment(file, view, at, layout);
    segments.push(segment);
    const inSegment = offset - number(view, at + layout.offset, layout);
    if (inSegment >= 0 && inSegment < segment.bytes.length) headers = segment.address + inSegment;
  }
  if (segments.length === 0) throw bad("nothing of it is loaded");
  // A program whose headers are not loaded gets what would be theirs, as from Linux.
  const address = headers ?? (segments[0]?.address ?? 0) + offset;
  return {
    programClass,
    entry: number(view, layout.entry, layout),
    isMovable: type === ET_DYN,
    segments,
    headers: { address, count, bytes: programHeaderBytes },
  };
}

function readSegment(file: Uint8Array, view: DataView, at: number, layout: ElfLayout): ElfSegment {
  const flags = view.getUint32(at + layout.flags, true);
  const offset = number(view, at + layout.offset, layout);
  const address = number(view, at + layout.address, layout);
  const inFile = number(view, at + layout.bytesInFile, layout);
  const size = number(view, at + layout.bytesInMemory, layout);
  const fits = offset + inFile <= file.length && inFile <= size;
  if (!fits || address + size > layout.programClass.endOfAddresses) {
    throw bad("a segment of it is damaged");
  }
  return {
    address,
    bytes: file.subarray(offset, offset + inFile),
    size,
    isWritable: (flags & PF_W) !== 0,
    isExecutable: (flags & PF_X) !== 0,
  };
}

/** A size, an offset or an address: beyond 2^53 they are refused all the same, as too large. */
function number(view: DataView, at: number, { programClass }: ElfLayout): number {
  return programClass.bits === 32 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
}

function bad(why: string): UserModeError {
  return new UserModeError(
    "not-a-program",
    `The file cannot be run: ${why}. It has to be a static program for x86-64 or i386 Linux.`,
  );
}
