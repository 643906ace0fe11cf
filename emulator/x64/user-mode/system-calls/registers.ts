import type { RegisterName } from "../../x64-machine.js";

/**
 * Where a system call has its arguments: System V ABI for AMD64, A.2.1, for SYSCALL, and
 * arch/x86/entry/entry_64_compat.S for INT 0x80. The number is in RAX or EAX, as is the result.
 */
export const ARGUMENT_REGISTERS: Readonly<Record<32 | 64, readonly RegisterName[]>> = {
  64: ["rdi", "rsi", "rdx", "r10", "r8", "r9"],
  32: ["rbx", "rcx", "rdx", "rsi", "rdi", "rbp"],
};

/** IA32_SYSCALL_VECTOR: arch/x86/include/asm/irq_vectors.h. */
export const SYSTEM_CALL_VECTOR = 0x80;
