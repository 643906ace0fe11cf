import { Errno, failure } from "../errno.js";
import type { OpenFile } from "../open-file.js";
import type { Arguments, Process, SystemCall, SystemCalls } from "./process.js";
import { statOf } from "./stat.js";

/** include/uapi/linux/fcntl.h. */
const AT_FDCWD = -100;
const AT_EMPTY_PATH = 0x1000;
const F_DUPFD = 0;
const F_GETFD = 1;
const F_SETFD = 2;
const F_GETFL = 3;
const F_SETFL = 4;
const F_DUPFD_CLOEXEC = 1030;
/** include/uapi/asm-generic/poll.h. */
const POLLIN = 1;
const POLLOUT = 4;
const POLLNVAL = 0x20;
const POLL_BYTES = 8;
/** UIO_MAXIOV. */
const MOST_VECTORS = 1024;
/** MAX_RW_COUNT: no call reads or writes more. */
const MOST_BYTES = 0x7ffff000;

export const fileCalls: SystemCalls = {
  0: (process, args) => read(process, args.int(0), args.size(1), args.size(2)),
  1: (process, args) => write(process, args.int(0), args.size(1), args.size(2)),
  2: atPath(0, ({ files }, path, args) => files.open(path, args.int(1))),
  3: ({ files }, args) => files.close(args.int(0)),
  4: atPath(0, (process, path, args) => statPath(process, path, args.size(1))), // stat
  5: onFile((file, process, args) => statFile(process, file, args.size(1))), // fstat
  6: atPath(0, (process, path, args) => statPath(process, path, args.size(1))), // lstat
  7: poll,
  8: onFile((file, _process, args) => file.seek(args.long(1), args.int(2))),
  16: onFile(() => failure(Errno.ENOTTY)), // ioctl
  19: (process, args) => eachVector(process, args, read),
  20: (process, args) => eachVector(process, args, write),
  21: atPath(0, ({ files }, path) => existence(files.find(path))), // access
  22: pipe,
  32: onFile((file, { files }) => files.add(file)), // dup
  33: ({ files }, args) => files.replace(args.int(0), args.int(1)), // dup2
  72: onFile(control),
  77: onFile((file, _process, args) => file.truncate(args.long(1))), // ftruncate
  79: currentFolder,
  82: atPath(0, rename),
  87: atPath(0, ({ files }, path) => files.remove(path)), // unlink
  89: atPath(0, (process, path, args) => readLink(process, path, args.size(1), args.size(2))),
  257: atPath(1, ({ files }, path, args) => files.open(path, args.int(2))), // openat
  262: statAt({ flags: 3, result: 2 }, statOf), // newfstatat
  263: atPath(1, ({ files }, path) => files.remove(path)), // unlinkat
  267: atPath(1, (process, path, args) => readLink(process, path, args.size(2), args.size(3))),
  269: atPath(1, ({ files }, path) => existence(files.find(path))), // faccessat
  292: ({ files }, args) => files.replace(args.int(0), args.int(1)), // dup3
  293: pipe, // pipe2
};

/** A call whose first argument is a descriptor. */
export function onFile(
  call: (file: OpenFile, process: Process, args: Arguments) => number,
): SystemCall {
  return (process, args) => {
    const file = process.files.descriptor(args.int(0));
    return file === undefined ? failure(Errno.EBADF) : call(file, process, args);
  };
}

/**
 * A call with a path.
 * @param index of the argument with the path. If it is not the first, that one is the folder to
 *   begin in: folders that are open are not told apart, as only AT_FDCWD is ever wanted
 */
export function atPath(
  index: 0 | 1,
  call: (process: Process, path: string, args: Arguments) => number,
): SystemCall {
  return (process, args) => {
    const path = process.memory.readString(args.size(index));
    if (path === undefined) return failure(Errno.EFAULT);
    if (path === "") return failure(Errno.ENOENT);
    if (index === 1 && args.int(0) !== AT_FDCWD && !path.startsWith("/")) {
      return failure(Errno.EBADF);
    }
    return call(process, path, args);
  };
}

function read({ files, memory }: Process, number: number, at: number, length: number): number {
  const file = files.descriptor(number);
  if (file === undefined) return failure(Errno.EBADF);
  if (file.kind === "directory") return failure(Errno.EISDIR);
  const bytes = file.read(Math.min(length, MOST_BYTES));
  if (bytes === undefined) return failure(Errno.EBADF);
  return memory.write(at, bytes) ? bytes.length : failure(Errno.EFAULT);
}

function write({ files, memory }: Process, number: number, at: number, length: number): number {
  const file = files.descriptor(number);
  if (file === undefined) return failure(Errno.EBADF);
  const bytes = memory.read(at, Math.min(length, MOST_BYTES));
  if (bytes === undefined) return failure(Errno.EFAULT);
  return file.write(bytes) ? bytes.length : failure(Errno.EBADF);
}

/** readv and writev: an error behind the first vector is a short result. */
function eachVector(
  process: Process,
  args: Arguments,
  call: (process: Process, number: number, at: number, length: number) => number,
): number {
  const count = args.int(2);
  if (count < 0 || count > MOST_VECTORS) return failure(Errno.EINVAL);
  const wordBytes = process.programClass.bits / 8;
  const vectors = process.memory.read(args.size(1), count * 2 * wordBytes);
  if (vectors === undefined) return failure(Errno.EFAULT);
  const view = new DataView(vectors.buffer);
  const word = (index: number): number =>
    wordBytes === 4 ? view.getUint32(index * 4, true) : Number(view.getBigUint64(index * 8, true));
  let total = 0;
  for (let vector = 0; vector < count; vector++) {
    const [at, length] = [word(vector * 2), word(vector * 2 + 1)];
    if (length === 0) continue;
    const result = call(process, args.int(0), at, length);
    if (result < 0) return total > 0 ? total : result;
    total += result;
    if (result < length) break;
  }
  return total;
}

function statPath(process: Process, path: string, at: number): number {
  const file = process.files.find(path);
  return file === undefined ? failure(Errno.ENOENT) : statFile(process, file, at);
}

function statFile({ memory, uid }: Process, file: OpenFile, at: number): number {
  return memory.write(at, statOf(file, uid)) ? 0 : failure(Errno.EFAULT);
}

/**
 * newfstatat and its kin.
 * @param indices of the arguments with the flags and with the place for the result
 * @param format gives the bytes of the result
 */
export function statAt(
  indices: { readonly flags: number; readonly result: number },
  format: (file: OpenFile, uid: number) => Uint8Array,
): SystemCall {
  const put = (process: Process, file: OpenFile | undefined, args: Arguments): number => {
    if (file === undefined) return failure(Errno.ENOENT);
    const bytes = format(file, process.uid);
    return process.memory.write(args.size(indices.result), bytes) ? 0 : failure(Errno.EFAULT);
  };
  const ofDescriptor = onFile((file, process, args) => put(process, file, args));
  const ofPath = atPath(1, (process, path, args) => put(process, process.files.find(path), args));
  return (process, args) => {
    const isEmptyPath = (args.int(indices.flags) & AT_EMPTY_PATH) !== 0;
    return isEmptyPath ? ofDescriptor(process, args) : ofPath(process, args);
  };
}

function existence(file: OpenFile | undefined): number {
  return file === undefined ? failure(Errno.ENOENT) : 0;
}

function rename({ files, memory }: Process, from: string, args: Arguments): number {
  const to = memory.readString(args.size(1));
  return to === undefined ? failure(Errno.EFAULT) : files.rename(from, to);
}

/** There is one link: what the program itself is. */
function readLink(process: Process, path: string, at: number, most: number): number {
  if (path !== "/proc/self/exe") return failure(Errno.ENOENT);
  const name = new TextEncoder().encode(process.path).slice(0, most);
  return process.memory.write(at, name) ? name.length : failure(Errno.EFAULT);
}

/** getcwd: always the root. @returns the length with the NUL */
function currentFolder({ memory }: Process, args: Arguments): number {
  const name = Uint8Array.of(0x2f, 0);
  return memory.write(args.size(0), name) ? name.length : failure(Errno.EFAULT);
}

function control(file: OpenFile, { files }: Process, args: Arguments): number {
  switch (args.int(1)) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
      return files.add(file, args.int(2));
    case F_GETFD:
    case F_SETFD:
    case F_SETFL:
      return 0;
    case F_GETFL:
      return file.accessMode;
    default:
      return failure(Errno.EINVAL);
  }
}

function pipe({ files, memory }: Process, args: Arguments): number {
  const ends = files.pipe();
  if (typeof ends === "number") return ends;
  const numbers = new Uint8Array(Int32Array.of(ends.reading, ends.writing).buffer);
  if (memory.write(args.size(0), numbers)) return 0;
  files.close(ends.reading);
  files.close(ends.writing);
  return failure(Errno.EFAULT);
}

/** Nothing ever has to be waited for: a file is ready for whatever is asked of it. */
function poll({ files, memory }: Process, args: Arguments): number {
  const count = args.size(1);
  if (count > MOST_VECTORS) return failure(Errno.EINVAL);
  const entries = memory.read(args.size(0), count * POLL_BYTES);
  if (entries === undefined) return failure(Errno.EFAULT);
  const view = new DataView(entries.buffer);
  let ready = 0;
  for (let at = 0; at < entries.length; at += POLL_BYTES) {
    const number = view.getInt32(at, true);
    const wanted = view.getUint16(at + 4, true);
    const file = files.descriptor(number);
    let events = file === undefined ? POLLNVAL : wanted & (POLLIN | POLLOUT);
    if (number < 0) events = 0;
    view.setUint16(at + 6, events, true);
    if (events !== 0) ready++;
  }
  return memory.write(args.size(0), entries) ? ready : failure(Errno.EFAULT);
}
