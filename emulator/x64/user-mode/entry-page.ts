import { PAGE_BYTES } from "./frames.js";

/** Where the harness has its own page: where Linux has its kernel's code. */
export const ENTRY_PAGE = 0xffff_ffff_8000_0000n;

/** Linux's GDT, where the program cannot reach it. */
export const DESCRIPTOR_PAGE = ENTRY_PAGE + BigInt(PAGE_BYTES);

/** IA32_STAR, IA32_LSTAR and IA32_FMASK: SDM vol. 3A, 5.8.8. */
const STAR = 0xc000_0081;
const LSTAR = 0xc000_0082;
const FMASK = 0xc000_0084;
/** Linux's selectors: SYSCALL loads CS with 0x10, SYSRET with 0x23 + 16 (asm/segment.h). */
const STAR_VALUE = 0x0023_0010_0000_0000n;
/** What Linux clears of RFLAGS (syscall_init): of what programs can set, these matter here. */
const CLEARED_FLAGS = 0x47700n;

const WRMSR = [0x0f, 0x30];
const SYSRETQ = [0x48, 0x0f, 0x07];
/** To code of 32 bits. */
const SYSRETL = [0x0f, 0x07];
/** `mov ds, eax`, `mov es, eax`, `xor eax, eax`, `mov fs, eax`, `mov gs, eax`. */
const LOAD_SEGMENTS = [0x8e, 0xd8, 0x8e, 0xc0, 0x31, 0xc0, 0x8e, 0xe0, 0x8e, 0xe8];
/** Data of programs: asm/segment.h. */
const USER_DS = 0x2bn;
const HLT = 0xf4;
const MOV_ECX = 0xb9;
const MOV_EAX = 0xb8;
const MOV_EDX = 0xba;
/** Where the code for system calls is in the page. */
const SYSTEM_CALL = 0x800;

/**
 * The code that runs at CPL 0. The page begins with what makes SYSCALL lead to `hlt; sysretq`, up
 * to a HLT, with `sysretq` behind it: to the address in RCX, with the flags in R11. HLT ends the
 * run, so that the host can serve a system call; when it goes on, the program does.
 *
 * A program of 32 bits is begun by `sysretl`, with its data segments loaded as Linux does it
 * (arch/x86/include/asm/elf.h, COMPAT_ELF_PLAT_INIT; start_thread_common). SYSCALL is not for it.
 */
export function entryPage(bits: 32 | 64): Uint8Array {
  const page = new Uint8Array(PAGE_BYTES);
  const start = [
    ...writeRegister(STAR, STAR_VALUE),
    ...writeRegister(LSTAR, ENTRY_PAGE + BigInt(SYSTEM_CALL)),
    ...writeRegister(FMASK, CLEARED_FLAGS),
  ];
  const load = [MOV_EAX, ...bytesOf(USER_DS), ...LOAD_SEGMENTS];
  if (bits === 32) page.set([...start, ...load, HLT, ...SYSRETL]);
  else page.set([...start, HLT, ...SYSRETQ]);
  page.set([HLT, ...SYSRETQ], SYSTEM_CALL);
  return page;
}

function writeRegister(number: number, value: bigint): number[] {
  return [
    ...[MOV_ECX, ...bytesOf(BigInt(number))],
    ...[MOV_EAX, ...bytesOf(value & 0xffff_ffffn)],
    ...[MOV_EDX, ...bytesOf(value >> 32n)],
    ...WRMSR,
  ];
}

function bytesOf(word: bigint): number[] {
  return [0n, 8n, 16n, 24n].map((shift) => Number((word >> shift) & 0xffn));
}
