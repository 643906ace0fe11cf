import type { Protection } from "../address-space.js";
import { Errno, failure } from "../errno.js";
import { PAGE_BYTES } from "../frames.js";
import type { Arguments, Process, SystemCalls } from "./process.js";

/** include/uapi/asm-generic/mman-common.h. */
const PROT_READ = 1;
const PROT_WRITE = 2;
const PROT_EXEC = 4;
const MAP_FIXED = 0x10;
const MAP_ANONYMOUS = 0x20;
const MAP_FIXED_NOREPLACE = 0x100000;
const MREMAP_MAYMOVE = 1;
const MREMAP_FIXED = 2;

const READ_WRITE: Protection = { isReadable: true, isWritable: true, isExecutable: false };

export const memoryCalls: SystemCalls = {
  9: mmap,
  10: mprotect,
  11: munmap,
  12: brk,
  25: mremap,
  28: () => 0, // madvise: advice that changes no content is taken by doing nothing
};

function mmap(process: Process, args: Arguments): number {
  const { memory } = process;
  const bytes = roundUp(args.size(1));
  const flags = args.int(3);
  // As of a file system that cannot map: whoever maps files can read them, too.
  if ((flags & MAP_ANONYMOUS) === 0) return failure(Errno.ENODEV);
  if (bytes === 0) return failure(Errno.EINVAL);
  const place = placeFor(process, args.size(0), bytes, flags);
  if (place < 0) return place;
  return memory.map(place, bytes, protectionOf(args.int(2))) ? place : failure(Errno.ENOMEM);
}

/** @returns an address, or the negative of an error's number */
function placeFor(process: Process, wanted: number, bytes: number, flags: number): number {
  const { memory } = process;
  if ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) !== 0) {
    if (wanted % PAGE_BYTES !== 0) return failure(Errno.EINVAL);
    if (!memory.isPlace(wanted, bytes)) return failure(Errno.ENOMEM);
    if ((flags & MAP_FIXED) === 0 && !memory.isFree(wanted, bytes)) return failure(Errno.EEXIST);
    return wanted;
  }
  const hint = roundUp(wanted);
  if (hint !== 0 && memory.isPlace(hint, bytes) && memory.isFree(hint, bytes)) return hint;
  const place = process.lowestMapping - bytes;
  if (!memory.isPlace(place, bytes)) return failure(Errno.ENOMEM);
  process.lowestMapping = place;
  return place;
}

function mprotect({ memory }: Process, args: Arguments): number {
  const begin = args.size(0);
  const bytes = roundUp(args.size(1));
  if (begin % PAGE_BYTES !== 0) return failure(Errno.EINVAL);
  if (bytes === 0) return 0;
  return memory.protect(begin, bytes, protectionOf(args.int(2))) ? 0 : failure(Errno.ENOMEM);
}

function munmap({ memory }: Process, args: Arguments): number {
  const bytes = roundUp(args.size(1));
  if (!memory.isPlace(args.size(0), bytes)) return failure(Errno.EINVAL);
  memory.unmap(args.size(0), bytes);
  return 0;
}

function mremap(process: Process, args: Arguments): number {
  const { memory } = process;
  const [old, oldBytes, newBytes] = [args.size(0), roundUp(args.size(1)), roundUp(args.size(2))];
  const flags = args.int(3);
  const isPlace = memory.isPlace(old, oldBytes) && newBytes > 0;
  if (!isPlace || (flags & MREMAP_FIXED) !== 0) return failure(Errno.EINVAL);
  if (newBytes <= oldBytes) {
    if (newBytes < oldBytes) memory.unmap(old + newBytes, oldBytes - newBytes);
    return old;
  }
  const content = memory.read(old, oldBytes);
  if (content === undefined) return failure(Errno.EFAULT);
  const behind = old + oldBytes;
  const more = newBytes - oldBytes;
  if (memory.isPlace(behind, more) && memory.isFree(behind, more)) {
    return memory.map(behind, more, READ_WRITE) ? old : failure(Errno.ENOMEM);
  }
  if ((flags & MREMAP_MAYMOVE) === 0) return failure(Errno.ENOMEM);
  const place = placeFor(process, 0, newBytes, 0);
  if (place < 0) return place;
  if (!memory.map(place, newBytes, READ_WRITE)) return failure(Errno.ENOMEM);
  memory.load(place, content);
  memory.unmap(old, oldBytes);
  return place;
}

/** @returns where the memory now ends: on failure where it ended before */
function brk(process: Process, args: Arguments): number {
  const { memory, currentBreak, firstBreak } = process;
  const wanted = args.size(0);
  if (wanted < firstBreak) return currentBreak;
  const [end, newEnd] = [roundUp(currentBreak), roundUp(wanted)];
  if (newEnd > end) {
    const more = newEnd - end;
    if (!memory.isPlace(end, more) || !memory.isFree(end, more)) return currentBreak;
    if (!memory.map(end, more, READ_WRITE)) return currentBreak;
  } else if (newEnd < end) memory.unmap(newEnd, end - newEnd);
  process.currentBreak = wanted;
  return wanted;
}

function protectionOf(bits: number): Protection {
  return {
    isReadable: (bits & PROT_READ) !== 0,
    isWritable: (bits & PROT_WRITE) !== 0,
    isExecutable: (bits & PROT_EXEC) !== 0,
  };
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
}
