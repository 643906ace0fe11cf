import type { Arch } from "../machine/machine.js";

/** What differs between the processors that Linux is read on. */
export interface GuestArch {
  /** Of an address, a `long` and a place on the stack. */
  readonly wordBytes: 4 | 8;
  /** The structures of ELF that the kernel keeps a module's symbols in. */
  readonly elfSymbol: "elf32_sym" | "elf64_sym";
  /** 64-bit processors walk other page tables. */
  readonly longMode: boolean;
  /** What the functions of system calls are called before the call's own name. */
  readonly systemCallPrefixes: readonly string[];
  /** Whether `hardirq_stack_ptr` is where that stack starts, or where its top word is. */
  readonly irqStackPointer: "start" | "top";
  /** `mov %esp, %ebp`, in both encodings; it follows `push %ebp`, which is the same for both. */
  readonly setFramePointer: readonly (readonly number[])[];
  /**
   * Words between a task's saved registers and the end of its stack: TOP_OF_KERNEL_STACK_PADDING,
   * arch/x86/include/asm/thread_info.h, with and without CONFIG_VM86.
   */
  readonly stackPaddingWords: { readonly vm86: number; readonly otherwise: number };
  /** How far a function may move its frame for alignment: GCC_REALIGN_WORDS, unwind_frame.c. */
  readonly realignWords: number;
  /**
   * Where the saved registers lie that a frame pointer stands for; undefined for one that points
   * to a frame. ENCODE_FRAME_POINTER in arch/x86/entry/entry_32.S and
   * arch/x86/include/asm/frame.h marks it: 32 bits clear the top bit, 64 bits set the lowest.
   */
  decodeFramePointer(framePointer: bigint): bigint | undefined;
}

const TOP_BIT = 0x8000_0000n;

const ARCHES: Readonly<Record<Arch, GuestArch>> = {
  i686: {
    wordBytes: 4,
    elfSymbol: "elf32_sym",
    longMode: false,
    irqStackPointer: "start",
    setFramePointer: [
      [0x89, 0xe5],
      [0x8b, 0xec],
    ],
    stackPaddingWords: { vm86: 4, otherwise: 2 },
    realignWords: 3,
    systemCallPrefixes: ["__ia32_sys_", "__se_sys_", "sys_"],
    decodeFramePointer: (framePointer) =>
      framePointer === 0n || (framePointer & TOP_BIT) !== 0n ? undefined : framePointer | TOP_BIT,
  },
  x86_64: {
    wordBytes: 8,
    elfSymbol: "elf64_sym",
    longMode: true,
    irqStackPointer: "top",
    setFramePointer: [
      [0x48, 0x89, 0xe5],
      [0x48, 0x8b, 0xec],
    ],
    stackPaddingWords: { vm86: 0, otherwise: 0 },
    realignWords: 1,
    systemCallPrefixes: ["__x64_sys_", "__ia32_sys_", "__ia32_compat_sys_", "__se_sys_", "sys_"],
    decodeFramePointer: (framePointer) =>
      (framePointer & 1n) === 0n ? undefined : framePointer & ~1n,
  },
};

export function guestArch(arch: Arch): GuestArch {
  return ARCHES[arch];
}
