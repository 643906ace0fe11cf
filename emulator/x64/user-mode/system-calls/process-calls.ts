import { Errno, failure } from "../errno.js";
import { Signal } from "../signals.js";
import type { Arguments, Process, SystemCalls } from "./process.js";

/** arch/x86/include/uapi/asm/prctl.h. */
const ARCH_SET_GS = 0x1001;
const ARCH_SET_FS = 0x1002;
const ARCH_GET_FS = 0x1003;
const ARCH_GET_GS = 0x1004;
const END_OF_CANONICAL = 1n << 47n;

const NANOSECONDS = 1_000_000_000n;
/** include/uapi/linux/futex.h: what is left of the operation without its options. */
const FUTEX_OPERATION = 0x7f;
const FUTEX_WAIT = 0;
const FUTEX_WAKE = 1;
/** `struct sigaction` of the kernel's, with a mask of 64 signals. */
const SIGACTION_BYTES = 32;
const SIGNAL_MASK_BYTES = 8;
const MOST_RANDOM = 256;
const RLIM_INFINITY = 0xffff_ffff_ffff_ffffn;
const UTS_FIELD_BYTES = 65;
const UTS_FIELDS = ["Linux", "kspace", "6.1.0", "#1", "x86_64", "(none)"];

const none = (): number => 0;

export const processCalls: SystemCalls = {
  13: ({ memory }, args) => zeros(memory, args.size(2), SIGACTION_BYTES), // rt_sigaction
  14: ({ memory }, args) => zeros(memory, args.size(2), SIGNAL_MASK_BYTES), // rt_sigprocmask
  24: none, // sched_yield
  35: none, // nanosleep: time is what was executed, so that nobody waits
  39: ({ pid }) => pid, // getpid
  60: (process, args) => exit(process, args), // exit: of the only thread
  62: kill,
  63: uname,
  95: setMask,
  96: (process, args) => writeTime(process, args.size(0), 1000n), // gettimeofday
  97: ({ memory }, args) => limit(memory, args.size(1)), // getrlimit
  102: ({ uid }) => uid, // getuid, getgid, geteuid, getegid
  104: ({ uid }) => uid,
  105: (process, args) => become(process, args), // setuid
  106: (process, args) => become(process, args), // setgid
  107: ({ uid }) => uid,
  108: ({ uid }) => uid,
  110: () => 1, // getppid
  131: none, // sigaltstack: no signal is delivered
  157: none, // prctl: names and rights
  158: setBase,
  186: ({ pid }) => pid, // gettid
  200: kill, // tkill
  201: time,
  202: futex,
  218: ({ pid }) => pid, // set_tid_address
  228: (process, args) => writeTime(process, args.size(1), 1n), // clock_gettime
  230: none, // clock_nanosleep
  231: (process, args) => exit(process, args), // exit_group
  234: (process, args) => end(process, args.int(0), args.int(2)), // tgkill
  273: none, // set_robust_list: locks of threads that end
  302: ({ memory }, args) => limit(memory, args.size(3)), // prlimit64
  318: random,
};

function exit(process: Process, args: Arguments): number {
  process.end = { kind: "exited", status: args.int(0) & 0xff };
  return 0;
}

/** kill, tkill. */
function kill(process: Process, args: Arguments): number {
  return end(process, args.int(0), args.int(1));
}

/** Signals are not handled: one that a program sends to itself ends it. */
function end(process: Process, pid: number, signal: number): number {
  if (signal < 0 || signal > 64) return failure(Errno.EINVAL);
  if (pid !== process.pid) return failure(Errno.EPERM);
  if (signal !== 0) process.end = { kind: "killed", signal };
  return 0;
}

function become({ uid }: Process, args: Arguments): number {
  return args.int(0) === uid ? 0 : failure(Errno.EPERM);
}

/** What was set before is given back, where it is asked for: the default, and nothing masked. */
export function zeros(memory: Process["memory"], at: number, bytes: number): number {
  return at === 0 || memory.write(at, new Uint8Array(bytes)) ? 0 : failure(Errno.EFAULT);
}

function uname({ memory }: Process, args: Arguments): number {
  const bytes = new Uint8Array(UTS_FIELD_BYTES * UTS_FIELDS.length);
  for (const [index, text] of UTS_FIELDS.entries()) {
    bytes.set(new TextEncoder().encode(text), index * UTS_FIELD_BYTES);
  }
  return memory.write(args.size(0), bytes) ? 0 : failure(Errno.EFAULT);
}

function setMask(process: Process, args: Arguments): number {
  const before = process.umask;
  process.umask = args.int(0) & 0o777;
  return before;
}

/** arch_prctl. */
function setBase(process: Process, args: Arguments): number {
  const value = args.word(1);
  const put = (base: bigint): number => {
    const bytes = new Uint8Array(BigUint64Array.of(base).buffer);
    return process.memory.write(args.size(1), bytes) ? 0 : failure(Errno.EFAULT);
  };
  switch (args.int(0)) {
    case ARCH_SET_FS:
      if (value >= END_OF_CANONICAL) return failure(Errno.EPERM);
      process.fsBase = value;
      return 0;
    case ARCH_SET_GS:
      if (value >= END_OF_CANONICAL) return failure(Errno.EPERM);
      process.gsBase = value;
      return 0;
    case ARCH_GET_FS:
      return put(process.fsBase);
    case ARCH_GET_GS:
      return put(process.gsBase);
    default:
      return failure(Errno.EINVAL);
  }
}

/** @param unit nanoseconds in what the second field counts */
function writeTime(process: Process, at: number, unit: bigint): number {
  const now = process.now();
  const fields = BigInt64Array.of(now / NANOSECONDS, (now % NANOSECONDS) / unit);
  return process.memory.write(at, new Uint8Array(fields.buffer)) ? 0 : failure(Errno.EFAULT);
}

function time(process: Process, args: Arguments): number {
  const seconds = process.now() / NANOSECONDS;
  const at = args.size(0);
  const bytes = new Uint8Array(BigInt64Array.of(seconds).buffer);
  return at === 0 || process.memory.write(at, bytes) ? Number(seconds) : failure(Errno.EFAULT);
}

/** Of one thread: who waits for a value that is there would wait for ever. */
function futex(process: Process, args: Arguments): number {
  const operation = args.int(1) & FUTEX_OPERATION;
  if (operation === FUTEX_WAKE) return 0;
  if (operation !== FUTEX_WAIT) return failure(Errno.ENOSYS);
  const bytes = process.memory.read(args.size(0), 4);
  if (bytes === undefined) return failure(Errno.EFAULT);
  if (new DataView(bytes.buffer).getInt32(0, true) !== args.int(2)) return failure(Errno.EAGAIN);
  process.end = { kind: "killed", signal: Signal.SIGKILL };
  return 0;
}

/** Nothing is limited. */
function limit(memory: Process["memory"], at: number): number {
  if (at === 0) return 0;
  const bytes = new Uint8Array(BigUint64Array.of(RLIM_INFINITY, RLIM_INFINITY).buffer);
  return memory.write(at, bytes) ? 0 : failure(Errno.EFAULT);
}

/** getrandom: at most as much as always comes at once. */
function random({ memory, randomBytes }: Process, args: Arguments): number {
  const bytes = randomBytes(Math.min(args.size(1), MOST_RANDOM));
  return memory.write(args.size(0), bytes) ? bytes.length : failure(Errno.EFAULT);
}
