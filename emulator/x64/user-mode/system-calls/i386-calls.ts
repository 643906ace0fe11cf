import { Errno, failure } from "../errno.js";
import type { OpenFile } from "../open-file.js";
import { atPath, onFile, statAt } from "./file-calls.js";
import type { Arguments, Process, SystemCalls } from "./process.js";
import { zeros } from "./process-calls.js";
import { stat64Of, statxOf } from "./stat.js";
import { setThreadArea } from "./thread-area.js";

const NANOSECONDS = 1_000_000_000n;
/** `struct compat_sigaction` (include/linux/compat.h). */
const SIGACTION_BYTES = 20;
const RLIM_INFINITY = 0xffff_ffff;

/** The system calls of i386 that x86-64 has not, or has with other structures: syscall_32.tbl. */
export const i386Calls: SystemCalls = {
  13: time,
  78: (process, args) => writeTime(process, args.size(0), 1000n), // gettimeofday
  140: seek,
  174: ({ memory }, args) => zeros(memory, args.size(2), SIGACTION_BYTES), // rt_sigaction
  191: (process, args) => writeWords(process, args.size(1), RLIM_INFINITY, RLIM_INFINITY), // ugetrlimit
  194: onFile((file, _process, args) => file.truncate(wide(args, 1, 2))), // ftruncate64
  195: atPath(0, (process, path, args) => putStat(process, process.files.find(path), args)), // stat64
  196: atPath(0, (process, path, args) => putStat(process, process.files.find(path), args)), // lstat64
  197: onFile((file, process, args) => putStat(process, file, args)), // fstat64
  243: setThreadArea,
  265: (process, args) => writeTime(process, args.size(1), 1n), // clock_gettime
  300: statAt({ flags: 3, result: 2 }, stat64Of), // fstatat64
  383: statAt({ flags: 2, result: 4 }, statxOf), // statx
};

function putStat({ memory, uid }: Process, file: OpenFile | undefined, args: Arguments): number {
  if (file === undefined) return failure(Errno.ENOENT);
  return memory.write(args.size(1), stat64Of(file, uid)) ? 0 : failure(Errno.EFAULT);
}

function time(process: Process, args: Arguments): number {
  const seconds = Number(process.now() / NANOSECONDS);
  const at = args.size(0);
  const result = at === 0 ? 0 : writeWords(process, at, seconds);
  return result === 0 ? seconds : result;
}

/** @param unit nanoseconds in what the second field counts */
function writeTime(process: Process, at: number, unit: bigint): number {
  const now = process.now();
  return writeWords(process, at, Number(now / NANOSECONDS), Number((now % NANOSECONDS) / unit));
}

function writeWords({ memory }: Process, at: number, ...words: number[]): number {
  const bytes = new Uint8Array(Uint32Array.from(words).buffer);
  return memory.write(at, bytes) ? 0 : failure(Errno.EFAULT);
}

/** _llseek: the new place is written, as it does not fit into the result. */
function seek(process: Process, args: Arguments): number {
  const file = process.files.descriptor(args.int(0));
  if (file === undefined) return failure(Errno.EBADF);
  const place = file.seek(wide(args, 2, 1), args.int(4));
  if (place < 0) return place;
  return writeWords(process, args.size(3), place % 2 ** 32, Math.floor(place / 2 ** 32));
}

/** A signed argument of 64 bits in two registers. */
function wide(args: Arguments, low: number, high: number): number {
  return args.int(high) * 2 ** 32 + args.size(low);
}
