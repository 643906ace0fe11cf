import type { KernelView } from "../kernel-view.js";
import type { SavedRegisters } from "../stack-frame.js";
import { threadSize } from "../tasks/task-reader.js";

/** Of a code segment selector: the privilege level (Intel SDM vol. 3A, 3.4.2). */
const PRIVILEGE = 3n;
/** EFLAGS.VM: a program in virtual-8086 mode, whose selectors mean something else. */
const FLAGS_VM = 1n << 17n;
/**
 * CS_FROM_KERNEL of arch/x86/entry/entry_32.S, in the upper half of the word that cs is pushed
 * as: what a 32-bit processor does not save of the kernel's own stack pointer was put in its place.
 */
const FROM_KERNEL = 1n << 13n;

/** Members of `struct pt_regs` of either processor; arch/x86/include/asm/ptrace.h. */
const MEMBERS = [
  ...["r15", "r14", "r13", "r12", "r11", "r10", "r9", "r8"],
  ...["bx", "cx", "dx", "si", "di", "bp", "ax", "ds", "es", "fs", "gs"],
  ...["orig_ax", "ip", "cs", "flags", "sp", "ss"],
];

/** @throws GuestError `not-mapped` */
export function readSavedRegisters(view: KernelView, address: bigint): SavedRegisters {
  const registers = view.structure("pt_regs", address);
  const members: Record<string, bigint> = {};
  for (const name of MEMBERS) {
    if (registers.has(name)) members[name] = registers.unsigned(name);
  }
  const flags = members.flags ?? 0n;
  const userMode = ((members.cs ?? 0n) & PRIVILEGE) !== 0n || (flags & FLAGS_VM) !== 0n;
  const hasStackPointer =
    userMode || !registers.has("__csh") || (registers.unsigned("__csh") & FROM_KERNEL) !== 0n;
  return {
    address,
    instructionPointer: members.ip ?? 0n,
    stackPointer: hasStackPointer ? (members.sp ?? 0n) : registers.addressOf("sp"),
    framePointer: members.bp ?? 0n,
    flags,
    userMode,
    members,
  };
}

/**
 * Where the registers are that a program entered the kernel with: `task_pt_regs()`.
 * @param stack where the task's stack starts.
 */
export function entryRegistersAddress(view: KernelView, stack: bigint): bigint {
  const { vm86, otherwise } = view.arch.stackPaddingWords;
  const words = view.types.hasMember("thread_struct", "vm86") ? vm86 : otherwise;
  const padding = BigInt(words * view.arch.wordBytes);
  return stack + threadSize(view) - padding - BigInt(view.types.sizeOf("pt_regs"));
}
