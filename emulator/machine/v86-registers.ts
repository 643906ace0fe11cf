import { MachineError, type Registers } from "./machine.js";
import type { V86Cpu } from "./v86-internals.js";
import type { V86Views } from "./v86-views.js";

/** Intel SDM vol. 2A, table 3-1: the order in which the registers are encoded. */
const GENERAL = ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"];
const SEGMENTS = ["es", "cs", "ss", "ds", "fs", "gs"];
const STACK_POINTER = 4;
const FRAME_POINTER = 5;

/**
 * Intel SDM vol. 1, 3.4.3: CF, PF, AF, ZF, SF, TF, IF, DF, OF, IOPL, NT, AC and ID. The others are
 * reserved, or switch the processor to a mode (VM) that more than EFLAGS belongs to.
 */
const CHANGEABLE_FLAGS = 0x0024_7fd5;

/**
 * @param views not v86's own fields: of those each access is slow, and all registers are read
 *   several times at each breakpoint of a module's locks.
 * @param eflags which v86 computes when it is asked for them.
 */
export function readRegisters(views: V86Views, eflags: number): Registers {
  const { reg32, sreg, cr, instruction_pointer } = views;
  const general = (index: number): bigint => BigInt((reg32[index] ?? 0) >>> 0);
  const control = (index: number): bigint => BigInt((cr[index] ?? 0) >>> 0);
  return {
    general: Object.fromEntries(GENERAL.map((name, index) => [name, general(index)])),
    instructionPointer: BigInt((instruction_pointer[0] ?? 0) >>> 0),
    stackPointer: general(STACK_POINTER),
    framePointer: general(FRAME_POINTER),
    flags: BigInt(eflags >>> 0),
    segments: Object.fromEntries(SEGMENTS.map((name, index) => [name, sreg[index] ?? 0])),
    cr0: control(0),
    cr2: control(2),
    cr3: control(3),
    cr4: control(4),
  };
}

/** @throws MachineError `unknown-register`, `bad-register-value` */
export function writeRegister(cpu: V86Cpu, name: string, value: bigint): void {
  if (value < 0n || value > 0xffff_ffffn) {
    throw new MachineError(
      "bad-register-value",
      `${value} does not fit ${name}, which has 32 bits, unsigned.`,
    );
  }
  const word = Number(value) | 0;
  const index = GENERAL.indexOf(name);
  if (index >= 0) {
    cpu.reg32[index] = word;
  } else if (name === "eip") {
    cpu.instruction_pointer[0] = word;
    // Somewhere else it does not wait any more.
    cpu.in_hlt[0] = 0;
  } else if (name === "eflags") {
    writeFlags(cpu, word);
  } else {
    throw new MachineError(
      "unknown-register",
      `The registers that can be changed are ${GENERAL.join(", ")}, eip and eflags; ${name} is ` +
        "none of them.",
    );
  }
}

function writeFlags(cpu: V86Cpu, flags: number): void {
  if (((cpu.get_eflags() ^ flags) & ~CHANGEABLE_FLAGS) !== 0) {
    throw new MachineError(
      "bad-register-value",
      `Of eflags only the bits 0x${CHANGEABLE_FLAGS.toString(16)} can be changed.`,
    );
  }
  cpu.flags[0] = flags;
  // None of them is to be computed from the last result.
  cpu.flags_changed[0] = 0;
}
