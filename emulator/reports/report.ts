/**
 * What a kernel report says, as data. The words are the kernel's: see
 * Documentation/admin-guide/bug-hunting.rst and Documentation/admin-guide/tainted-kernels.rst.
 */

/** The families of reports. `kinds/` has a file for each, with its first lines and its title. */
export const REPORT_KINDS = [
  /** A page fault near address 0: arch/x86/mm/fault.c, show_fault_oops(). */
  "null-dereference",
  /** A page fault anywhere else. */
  "page-fault",
  "general-protection",
  "divide-error",
  "invalid-opcode",
  /** A trap of another number: stack segment, alignment check, machine check, int3, … */
  "trap",
  "double-fault",
  /** A stack guard page was hit, or the stack's end or canary was found overwritten. */
  "stack-overflow",
  /** BUG(), lib/bug.c: `kernel BUG at FILE:LINE!`. */
  "bug",
  /** WARN(), lib/bug.c and kernel/panic.c. */
  "warning",
  "usercopy",
  "bad-page",
  "list-corruption",
  "refcount",
  "soft-lockup",
  "hard-lockup",
  "rcu-stall",
  "hung-task",
  "workqueue-lockup",
  "scheduling-while-atomic",
  "sleeping-in-atomic",
  /** CONFIG_DEBUG_SPINLOCK, DEBUG_RT_MUTEXES and DEBUG_MUTEXES: bad magic, wrong owner, … */
  "spinlock",
  /** Whatever kernel/locking/lockdep.c prints. */
  "lockdep",
  "kasan",
  "kfence",
  "kcsan",
  /** KMSAN: use of uninitialised memory. */
  "kmsan",
  "ubsan",
  /** SLUB's and SLAB's own checks. */
  "slab",
  "memory-leak",
  /** CONFIG_DEBUG_OBJECTS: lib/debugobjects.c. */
  "debug-objects",
  "out-of-memory",
  /** A panic that no other report of the list leads to. */
  "panic",
] as const;

export type ReportKind = (typeof REPORT_KINDS)[number];

/** Whether the code was 64-bit (`RIP:`, 16 digits) or 32-bit (`EIP:`, 8 digits). */
export type ReportArch = "x86-64" | "i386";

/** One place in a report's trace. */
export interface Frame {
  /** As the kernel names it, with suffixes such as `.cold`, `.isra.0`; undefined for a bare address. */
  readonly symbol: string | undefined;
  /** Bytes from the symbol's start, and the symbol's size; undefined where they are not printed. */
  readonly offset: number | undefined;
  readonly size: number | undefined;
  /** The module that the symbol lies in; undefined for the kernel itself. */
  readonly module: string | undefined;
  /** The address, where the kernel prints one. */
  readonly address: bigint | undefined;
  /** False for what the kernel marks by `?`: found on the stack, but perhaps left over. */
  readonly sure: boolean;
  /**
   * `instruction`: an instruction pointer (RIP, EIP, also one saved by an interrupt), whose
   * address is exact. `return`: a return address, which lies behind the call.
   */
  readonly role: "instruction" | "return";
  /**
   * Which trace of the report it stands in, as the kernel heads it: `call` for the stack of
   * the report itself, otherwise the heading in lower case, such as `allocated`, `freed`,
   * `last potentially related work creation`, `stack backtrace`.
   */
  readonly trace: string;
  /** The innermost stack it lies on, from `<IRQ>`, `<NMI>`, `<#DF>`, …; `task` otherwise. */
  readonly stack: string;
  /** The line of the log, counting from 1. */
  readonly line: number;
}

/** A taint flag: kernel/panic.c, taint_flags[]. */
export interface Taint {
  /** The letter that the kernel prints. */
  readonly letter: string;
  /** What it means, a few words: `an out-of-tree module was loaded`. */
  readonly meaning: string;
}

/** The bytes around the instruction pointer, from the report's `Code:` line. */
export interface CodeBytes {
  readonly bytes: Uint8Array;
  /** Where in `bytes` the instruction pointer points: the byte in `<>`. */
  readonly trapOffset: number;
  /** The line as printed, behind `Code: `, joined where it was wrapped. */
  readonly text: string;
}

export interface Report {
  readonly kind: ReportKind;
  /** In syzkaller's wording, `KASAN: use-after-free Read in sock_close`: same bug, same title. */
  readonly title: string;
  /** The line with which the kernel says what is wrong, without its prefixes. */
  readonly message: string;
  readonly arch: ReportArch | undefined;
  /** Seconds since boot, where the log has them. */
  readonly seconds: number | undefined;
  readonly cpu: number | undefined;
  readonly pid: number | undefined;
  readonly comm: string | undefined;
  /** As `uname -r` prints it. */
  readonly kernel: string | undefined;
  /** Empty where the kernel says "Not tainted". */
  readonly taint: readonly Taint[];
  /** What is missing or damaged, as a sentence; undefined for a whole report. */
  readonly corrupted: string | undefined;
  /** The first frame that can be to blame; undefined where none can be told. */
  readonly culprit: Frame | undefined;
  /** In the order in which they are printed; the instruction pointer's first. */
  readonly frames: readonly Frame[];
  /** By lower-case name as printed (`rax`, `eip`, `cr2`); in the order printed. Of kernel mode. */
  readonly registers: ReadonlyMap<string, bigint>;
  readonly code: CodeBytes | undefined;
  /** The modules that were loaded, without their flags; undefined where the list is missing. */
  readonly modules: readonly string[] | undefined;
  /** The lines of the log that it spans, counting from 1, both included. */
  readonly lines: readonly [first: number, last: number];
  /** Those lines, without their prefixes, without those that other programs wrote in between. */
  readonly text: readonly string[];
}

/** `hello_write+0x35/0x60 [hello]`, as the kernel writes a frame. */
export function formatFrame({ symbol, offset, size, module, address }: Frame): string {
  if (symbol === undefined) return address === undefined ? "?" : `0x${address.toString(16)}`;
  const place = offset === undefined ? "" : `+0x${offset.toString(16)}`;
  const extent = size === undefined ? "" : `/0x${size.toString(16)}`;
  return `${symbol}${place}${extent}${module === undefined ? "" : ` [${module}]`}`;
}
