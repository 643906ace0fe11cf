import type { AddressSpace } from "../address-space.js";
import type { Files } from "../files.js";
import type { GlobalDescriptors } from "../global-descriptors.js";
import type { ProgramClass } from "../program-class.js";

/** How a program has come to its end by itself. */
export type ProcessEnd =
  | { readonly kind: "exited"; readonly status: number }
  | { readonly kind: "killed"; readonly signal: number };

/** A running program, as system calls see it. */
export interface Process {
  readonly programClass: ProgramClass;
  readonly descriptors: GlobalDescriptors;
  readonly memory: AddressSpace;
  readonly files: Files;
  readonly path: string;
  readonly pid: number;
  readonly uid: number;
  /** Where the program's own memory ends, and may grow from (brk). */
  readonly firstBreak: number;
  currentBreak: number;
  /** Below it mmap looks for a place. */
  lowestMapping: number;
  /** Nanoseconds since 1970, by the instructions that were executed. */
  now(): bigint;
  randomBytes(count: number): Uint8Array;
  fsBase: bigint;
  gsBase: bigint;
  umask: number;
  /** Set by the call that ends it. */
  end: ProcessEnd | undefined;
}

/** The arguments of a system call, as wide as the program's words. */
export class Arguments {
  readonly #values: readonly bigint[];
  readonly #bits: 32 | 64;

  /** @param values of the registers, of which only the lower `bits` count */
  constructor(values: readonly bigint[], bits: 32 | 64) {
    this.#values = values.map((value) => BigInt.asUintN(bits, value));
    this.#bits = bits;
  }

  /** An `int`. */
  int(index: number): number {
    return Number(BigInt.asIntN(32, this.word(index)));
  }

  /** A signed `long`. */
  long(index: number): number {
    return Number(BigInt.asIntN(this.#bits, this.word(index)));
  }

  /** An address or a size: beyond 2^53 not exact, but nothing is there. */
  size(index: number): number {
    return Number(this.word(index));
  }

  word(index: number): bigint {
    return this.#values[index] ?? 0n;
  }
}

/** @returns what is left in RAX: a result, or the negative of an error's number */
export type SystemCall = (process: Process, args: Arguments) => number | bigint;

/** By number: arch/x86/entry/syscalls/syscall_64.tbl, or syscall_32.tbl. */
export type SystemCalls = Readonly<Record<number, SystemCall>>;
