import type { Arch, Registers } from "../../machine/machine.js";

/** How the kernel's functions are called on an architecture. */
export interface CallingConvention {
  /** The registers of the first arguments, in order. */
  readonly arguments: readonly string[];
  readonly result: string;
}

const CONVENTIONS: Readonly<Record<Arch, CallingConvention>> = {
  // arch/x86/Makefile: -mregparm=3
  i686: { arguments: ["eax", "edx", "ecx"], result: "eax" },
  // System V ABI, AMD64 supplement, 3.2.3
  x86_64: {
    arguments: ["rdi", "rsi", "rdx", "rcx", "r8", "r9"],
    result: "rax",
  },
};

export function callingConvention(arch: Arch): CallingConvention {
  return CONVENTIONS[arch];
}

/** An argument of the function that is about to be entered, from 0. */
export function argumentOf(
  { arguments: names }: CallingConvention,
  { general }: Registers,
  index: number,
): bigint | undefined {
  const name = names[index];
  return name === undefined ? undefined : general[name];
}

/** An `int` or `bool` that a function has returned, as far as it matters: zero or not. */
export function returnedZero({ result }: CallingConvention, { general }: Registers): boolean {
  return ((general[result] ?? 0n) & 0xffff_ffffn) === 0n;
}
