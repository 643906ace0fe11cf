import { guestArch } from "../../guest/arch.js";
import type { StoppedKernel, StoppedKernelParts } from "../../guest/index.js";
import type { Registers } from "../../machine/machine.js";

/**
 * Assembly that the processor comes in by and goes back through: arch/x86/include/asm/idtentry.h,
 * arch/x86/entry/entry_32.S and entry_64.S.
 */
const ENTRY_STUB =
  /^(?:(?:irq|spurious)_entries_start|asm_\w+|handle_exception\w*|(?:common_interrupt|error)_return\w*|restore_all\w*|error_entry)$/;
/** What the stubs and SAVE_ALL push before the frame pointer stands for the saved registers. */
const MOST_PUSHED_WORDS = 24;
/** Of a code segment selector: the privilege level (Intel SDM vol. 3A, 3.4.2). */
const PRIVILEGE = 3n;
/** EFLAGS: bit 1 is always set, and above bit 21 there is nothing (Intel SDM vol. 1, 3.4.3). */
const FLAGS_ALWAYS = 1n << 1n;
const FLAGS_NEVER = ~((1n << 22n) - 1n);

/**
 * A processor that has just been interrupted stands in a stub of assembly: what it was at is told
 * by the instruction pointer, code segment and flags that it has pushed (Intel SDM vol. 3A, 6.12).
 * @returns the machine as it was before that; as it is, where it is not in such a stub, or has
 *   come from a program.
 */
export function machineBeforeInterrupt(
  machine: StoppedKernelParts["machine"],
  kernel: Pick<StoppedKernel, "place" | "words">,
): StoppedKernelParts["machine"] {
  const registers = machine.registers();
  const name = kernel.place(registers.instructionPointer)?.name;
  if (name === undefined || !ENTRY_STUB.test(name)) return machine;
  const { decodeFramePointer, wordBytes } = guestArch(machine.arch);
  // Once the frame pointer stands for them, all registers are saved, and the stack tells itself.
  if (decodeFramePointer(registers.framePointer) !== undefined) return machine;
  const before = registersBefore(registers, wordBytes, kernel);
  return before === undefined
    ? machine
    : {
        arch: machine.arch,
        memoryBytes: machine.memoryBytes,
        registers: () => before,
        readPhysical: (address, length) => machine.readPhysical(address, length),
      };
}

function registersBefore(
  registers: Registers,
  wordBytes: 4 | 8,
  kernel: Pick<StoppedKernel, "place" | "words">,
): Registers | undefined {
  const cs = BigInt(registers.segments.cs ?? 0);
  if ((cs & PRIVILEGE) !== 0n) return undefined;
  const words = pushedWords(registers.stackPointer, kernel);
  for (const [index, flags] of words.entries()) {
    const [instructionPointer, selector] = [words[index - 2], words[index - 1]];
    if (instructionPointer === undefined || selector === undefined) continue;
    // A 32-bit kernel keeps marks of its own in the upper half.
    if ((selector & 0xffffn) !== cs) continue;
    if ((flags & FLAGS_ALWAYS) === 0n || (flags & FLAGS_NEVER) !== 0n) continue;
    if (kernel.place(instructionPointer) === undefined) continue;
    // Only 64-bit processors save the stack pointer when they stay in the kernel.
    const pushed = wordBytes === 8 ? words[index + 1] : undefined;
    const behind = registers.stackPointer + BigInt((index + 1) * wordBytes);
    return { ...registers, instructionPointer, stackPointer: pushed ?? behind, flags };
  }
  return undefined;
}

function pushedWords(address: bigint, kernel: Pick<StoppedKernel, "words">): readonly bigint[] {
  try {
    return kernel.words(address, MOST_PUSHED_WORDS);
  } catch {
    return []; // The top of its stack is near.
  }
}
