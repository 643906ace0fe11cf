import type { Ia32Memory } from "./ia32-memory.js";
import { MachineError } from "./machine.js";
import type { PlantedCode } from "./planted-code.js";
import type { V86Exports } from "./v86-internals.js";
import type { V86Views } from "./v86-views.js";
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
 * Some 2 million a second: no part of it may be slow.
 * That takes an engine with the export of `v86-wasm.ts`. In another, such as v86.wasm as it comes,
 * the two instructions that functions begin with and are called by can be executed, which is what
 * following calls takes.
 */
export class V86Stepper {
  readonly #views: () => V86Views;
  readonly #exports: V86Exports;
  readonly #memory: Ia32Memory;
  readonly #planted: PlantedCode;

  constructor(
    views: () => V86Views,
    exports: V86Exports,
    memory: Ia32Memory,
    planted: PlantedCode,
  ) {
    this.#views = views;
    this.#exports = exports;
    this.#memory = memory;
    this.#planted = planted;
  }

  /**
   * @throws MachineError with the code where {@link execute} cannot carry out what stands at an
   *   address.
   */
  check(linear: number, code: "unsupported-breakpoint" | "unsupported-step"): void {
    if (SINGLE_STEP in this.#exports) return;
    const [opcode] = this.#memory.readLinear(linear, 1);
    if (opcode === PUSH_EBP || opcode === CALL_RELATIVE) return;
    throw new MachineError(
      code,
      "This engine can only step over `push %ebp` and `call`; at " +
        `0x${linear.toString(16)} stands another instruction. Compile v86.wasm with compileV86() ` +
        "(v86-wasm.ts) to step over any.",
    );
  }

  /**
   * Executes exactly one instruction of the guest's own, as if there were no breakpoint.
   * @param interrupts what becomes of those that it lets in: v86 delivers them within POPF and
   *   IRET.
   * @returns whether an interrupt may come now: not behind STI (Intel SDM vol. 2B, "STI").
   */
  execute(interrupts: "delivered" | "pending"): boolean {
    const at = this.#instructionPointer;
    const step = this.#exports[SINGLE_STEP];
    let interruptible = true;
    if (step === undefined) {
      this.#imitate(at);
      return interruptible;
    }
    this.#planted.withoutThoseIn(at, LONGEST_INSTRUCTION, () => {
      const { previous_ip, instruction_pointer, interruptMask } = this.#views();
      previous_ip[0] = at;
      // v86's STI executes the instruction behind it as well, and with it that one's breakpoint.
      if (this.#byteAt(at) === STI && this.#exports.instr_FB_without_fault() !== 0) {
        instruction_pointer[0] = at + 1;
        interruptible = false;
      } else if (interrupts === "pending" && !this.#writesInterruptMask(at)) {
        const unmasked = interruptMask[0] ?? 0;
        interruptMask[0] = 0;
        try {
          step();
        } finally {
          this.#views().interruptMask[0] = unmasked;
        }
      } else {
        step();
      }
    });
    return interruptible;
  }

  #imitate(at: number): void {
    this.check(at, "unsupported-step");
    const code = this.#memory.readLinear(at, CALL_BYTES);
    const { reg32, instruction_pointer } = this.#views();
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

  get #instructionPointer(): number {
    return (this.#views().instruction_pointer[0] ?? 0) >>> 0;
  }

  /** Such an instruction sets the mask itself, and lets nothing in. */
  #writesInterruptMask(at: number): boolean {
    const opcodeAt = this.#byteAt(at) === OPERAND_SIZE_PREFIX ? at + 1 : at;
    const opcode = this.#byteAt(opcodeAt) ?? 0;
    if (OUT_IMMEDIATE.includes(opcode)) return this.#byteAt(opcodeAt + 1) === PIC_MASK_PORT;
    const dx = (this.#views().reg32[REGISTER_EDX] ?? 0) & 0xffff;
    return OUT_DX.includes(opcode) && dx === PIC_MASK_PORT;
  }

  /** The byte in memory, HLT of a breakpoint or not; undefined where nothing is mapped. */
  #byteAt(linear: number): number | undefined {
    const physical = this.#memory.translate(linear >>> 0)?.physical;
    return physical === undefined ? undefined : this.#views().mem8[physical];
  }
}
