import type { Ia32Memory } from "./ia32-memory.js";
import { MachineError } from "./machine.js";
import type { PlantedCode } from "./planted-code.js";
import type { V86Cpu, V86Exports } from "./v86-internals.js";
import { SINGLE_STEP } from "./v86-wasm.js";

/** Intel SDM vol. 2A, 2.3.11. */
const LONGEST_INSTRUCTION = 15;
const STI = 0xfb;
const PUSH_EBP = 0x55;
const CALL_RELATIVE = 0xe8;
const CALL_BYTES = 5;
const OPERAND_SIZE_PREFIX = 0x66;
/** OUT to a port in the instruction, and OUT to the port in DX. */
const OUT_IMMEDIATE = [0xe6, 0xe7];
const OUT_DX = [0xee, 0xef];
/** The first interrupt controller's mask register; Intel 8259A data sheet, "OCW1". */
const PIC_MASK_PORT = 0x21;
const REGISTER_EDX = 2;
const REGISTER_ESP = 4;
const REGISTER_EBP = 5;

/**
 * Executes one instruction of v86's guest at a time, by v86's interpreter, whatever its JIT does.
 * That takes an engine compiled by `compileV86`. In another, such as one that a browser compiles
 * while it downloads it, the two instructions that functions begin with and are called by can be
 * executed, which is what following calls takes.
 */
export class V86Stepper {
  readonly #cpu: V86Cpu;
  readonly #exports: V86Exports;
  readonly #memory: Ia32Memory;
  readonly #planted: PlantedCode;

  constructor(cpu: V86Cpu, exports: V86Exports, memory: Ia32Memory, planted: PlantedCode) {
    this.#cpu = cpu;
    this.#exports = exports;
    this.#memory = memory;
    this.#planted = planted;
  }

  /** @throws MachineError `unsupported-step` where {@link execute} cannot carry out what stands there. */
  check(linear: number): void {
    const [opcode] = this.#codeAt(linear);
    if (SINGLE_STEP in this.#exports || opcode === PUSH_EBP || opcode === CALL_RELATIVE) return;
    throw new MachineError(
      "unsupported-step",
      "This engine can only step over `push %ebp` and `call`; at " +
        `0x${linear.toString(16)} stands another instruction. Compile v86.wasm with compileV86() ` +
        "(v86-wasm.ts) to step over any.",
    );
  }

  /**
   * Executes exactly one instruction of the guest's own, as if there were no breakpoint. Interrupts
   * that it lets in are delivered, as v86 does within POPF and IRET.
   * @returns whether an interrupt may come now: not behind STI (Intel SDM vol. 2B, "STI").
   */
  execute(): boolean {
    const at = this.#instructionPointer;
    const step = this.#exports[SINGLE_STEP];
    if (step === undefined) {
      this.#imitate(at);
      return true;
    }
    // v86's STI executes the instruction behind it as well, and with it that one's breakpoint.
    if (this.#codeAt(at)[0] === STI && this.#exports.instr_FB_without_fault() !== 0) {
      this.#cpu.instruction_pointer[0] = at + 1;
      return false;
    }
    this.#planted.withoutThoseIn(at, LONGEST_INSTRUCTION, () => {
      this.#cpu.previous_ip[0] = at;
      step();
    });
    return true;
  }

  #imitate(at: number): void {
    this.check(at);
    const code = this.#memory.readLinear(at, CALL_BYTES);
    const { reg32, instruction_pointer } = this.#cpu;
    const isCall = code[0] === CALL_RELATIVE;
    const next = isCall ? at + CALL_BYTES : at + 1;
    const pushed = new Uint8Array(4);
    new DataView(pushed.buffer).setInt32(0, isCall ? next : (reg32[REGISTER_EBP] ?? 0), true);
    const stackPointer = ((reg32[REGISTER_ESP] ?? 0) - 4) >>> 0;
    this.#memory.writeLinear(stackPointer, pushed);
    reg32[REGISTER_ESP] = stackPointer;
    const displacement = new DataView(code.buffer).getInt32(1, true);
    instruction_pointer[0] = isCall ? next + displacement : next;
  }

  /** The same, but leaves interrupts pending. */
  executeUninterrupted(): void {
    // It replaces the mask itself, and delivers nothing.
    if (this.#writesInterruptMask(this.#codeAt(this.#instructionPointer))) {
      this.execute();
      return;
    }
    const mask = new Uint8Array(this.#cpu.wasm_memory.buffer, this.#cpu.get_pic_addr_master(), 1);
    const unmasked = mask[0] ?? 0;
    mask[0] = 0;
    try {
      this.execute();
    } finally {
      mask[0] = unmasked;
    }
  }

  get #instructionPointer(): number {
    return (this.#cpu.instruction_pointer[0] ?? 0) >>> 0;
  }

  #writesInterruptMask(code: Uint8Array): boolean {
    const [opcode = 0, port] = code[0] === OPERAND_SIZE_PREFIX ? code.subarray(1) : code;
    if (OUT_IMMEDIATE.includes(opcode)) return port === PIC_MASK_PORT;
    const dx = (this.#cpu.reg32[REGISTER_EDX] ?? 0) & 0xffff;
    return OUT_DX.includes(opcode) && dx === PIC_MASK_PORT;
  }

  /** @returns as much as is mapped of the next three bytes; faults are the engine's to raise. */
  #codeAt(linear: number): Uint8Array {
    for (let length = 3; length > 0; length--) {
      try {
        return this.#memory.readLinear(linear, length);
      } catch {
        // Beyond the end of what is mapped.
      }
    }
    return new Uint8Array();
  }
}
