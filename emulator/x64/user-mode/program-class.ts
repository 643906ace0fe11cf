import { PAGE_BYTES } from "./frames.js";

/** What differs between Linux's programs of 64 bits and of 32 bits on an x86-64 processor. */
export interface ProgramClass {
  /** Of a `long` and of an address. */
  readonly bits: 32 | 64;
  /** Where addresses of programs end. */
  readonly endOfAddresses: number;
  /** Where a program that can be moved is loaded, without randomness. */
  readonly movableBase: number;
  /** AT_PLATFORM. */
  readonly platform: string;
}

/** TASK_SIZE: the last page below 2^47 is never mapped (arch/x86/include/asm/page_64_types.h). */
const END_OF_AMD64 = 2 ** 47 - PAGE_BYTES;

export const AMD64: ProgramClass = {
  bits: 64,
  endOfAddresses: END_OF_AMD64,
  // ELF_ET_DYN_BASE: arch/x86/include/asm/elf.h.
  movableBase: Math.floor(((END_OF_AMD64 / 3) * 2) / PAGE_BYTES) * PAGE_BYTES,
  platform: "x86_64",
};

export const I386: ProgramClass = {
  bits: 32,
  // IA32_PAGE_OFFSET: arch/x86/include/asm/page_64_types.h.
  endOfAddresses: 0xffffe000,
  movableBase: 0x400000,
  platform: "i686",
};
