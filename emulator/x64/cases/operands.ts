import { OpCodeOperandKind as Kind } from "iced-x86";

/** Register files that an operand can name. */
export type RegisterFile = "r8" | "r16" | "r32" | "r64" | "mm" | "xmm" | "sreg" | "cr" | "dr";

/** Where an instruction's encoding has an operand, and what it can be. */
export type Operand =
  | {
      readonly in: "rm";
      readonly file: RegisterFile;
      readonly register: boolean;
      readonly memory: boolean;
    }
  | { readonly in: "reg" | "opcode"; readonly file: RegisterFile }
  | { readonly in: "opcode-st" }
  | { readonly in: "immediate"; readonly bytes: number; readonly signExtended: boolean }
  | { readonly in: "relative"; readonly bytes: number }
  | { readonly in: "offset" }
  | { readonly in: "memory-of"; readonly register: "rsi" | "rdi" | "maskmov" | "xlat" }
  | { readonly in: "nothing" };

const rm = (file: RegisterFile): Operand => ({ in: "rm", file, register: true, memory: false });
const rmOrMemory = (file: RegisterFile): Operand => ({
  in: "rm",
  file,
  register: true,
  memory: true,
});
const reg = (file: RegisterFile): Operand => ({ in: "reg", file });
const opcode = (file: RegisterFile): Operand => ({ in: "opcode", file });
const immediate = (bytes: number, signExtended = false): Operand => ({
  in: "immediate",
  bytes,
  signExtended,
});
const relative = (bytes: number): Operand => ({ in: "relative", bytes });
/** A register that the opcode implies, or the constant 1 of shifts. */
const NOTHING: Operand = { in: "nothing" };

/** The kinds of operands that instructions of legacy encodings have in 64-bit mode. */
const OPERANDS = new Map<Kind, Operand>([
  [Kind.r8_or_mem, rmOrMemory("r8")],
  [Kind.r16_or_mem, rmOrMemory("r16")],
  [Kind.r32_or_mem, rmOrMemory("r32")],
  [Kind.r64_or_mem, rmOrMemory("r64")],
  [Kind.mm_or_mem, rmOrMemory("mm")],
  [Kind.xmm_or_mem, rmOrMemory("xmm")],
  [Kind.mem, { in: "rm", file: "r64", register: false, memory: true }],
  [Kind.r16_rm, rm("r16")],
  [Kind.r32_rm, rm("r32")],
  [Kind.r64_rm, rm("r64")],
  [Kind.mm_rm, rm("mm")],
  [Kind.xmm_rm, rm("xmm")],
  [Kind.r8_reg, reg("r8")],
  [Kind.r16_reg, reg("r16")],
  [Kind.r32_reg, reg("r32")],
  [Kind.r64_reg, reg("r64")],
  [Kind.mm_reg, reg("mm")],
  [Kind.xmm_reg, reg("xmm")],
  [Kind.seg_reg, reg("sreg")],
  [Kind.cr_reg, reg("cr")],
  [Kind.dr_reg, reg("dr")],
  [Kind.r8_opcode, opcode("r8")],
  [Kind.r16_opcode, opcode("r16")],
  [Kind.r32_opcode, opcode("r32")],
  [Kind.r64_opcode, opcode("r64")],
  [Kind.sti_opcode, { in: "opcode-st" }],
  [Kind.imm8, immediate(1)],
  [Kind.imm8sex16, immediate(1, true)],
  [Kind.imm8sex32, immediate(1, true)],
  [Kind.imm8sex64, immediate(1, true)],
  [Kind.imm16, immediate(2)],
  [Kind.imm32, immediate(4)],
  [Kind.imm32sex64, immediate(4, true)],
  [Kind.imm64, immediate(8)],
  [Kind.br64_1, relative(1)],
  [Kind.br64_4, relative(4)],
  [Kind.mem_offs, { in: "offset" }],
  [Kind.seg_rSI, { in: "memory-of", register: "rsi" }],
  [Kind.es_rDI, { in: "memory-of", register: "rdi" }],
  [Kind.seg_rDI, { in: "memory-of", register: "maskmov" }],
  [Kind.seg_rBX_al, { in: "memory-of", register: "xlat" }],
  [Kind.imm8_const_1, NOTHING],
  [Kind.al, NOTHING],
  [Kind.cl, NOTHING],
  [Kind.ax, NOTHING],
  [Kind.dx, NOTHING],
  [Kind.eax, NOTHING],
  [Kind.rax, NOTHING],
  [Kind.st0, NOTHING],
  [Kind.fs, NOTHING],
  [Kind.gs, NOTHING],
]);

/** What an operand of this kind is; undefined for what no form in scope has. */
export function operandOfKind(kind: Kind): Operand | undefined {
  return OPERANDS.get(kind);
}
