import { FLAG, STATUS_FLAGS } from "./case-format.js";
import type { Draft } from "./draft.js";

/**
 * What the manuals leave undefined after an instruction, as far as iced does not know it: that
 * which depends on values. SDM vol. 2, "Flags Affected" of each instruction.
 */
export function maskUndefined(draft: Draft): void {
  const { form, mask } = draft;
  // AMD's processors try the last byte of FXSAVE's area before they write the first, and read what
  // IRET and RETF pop in an order of their own.
  const isImage = form.memoryBytes > LONGEST_NUMBER && form.memoryBytes !== VECTOR_BYTES;
  mask.faultAddress = isImage || /^(Retf|Iret)/.test(form.mnemonic);
  mask.status = STATUS.get(form.mnemonic) ?? 0;
  const rule = RULES.get(form.mnemonic);
  if (rule === undefined) mask.flags |= form.undefinedFlags;
  else rule(draft);
}

/** In bytes: the 80 bits of x87's format, and a register of SSE. */
const LONGEST_NUMBER = 10;
const VECTOR_BYTES = 16;

const C1 = 0x200;
const C0_TO_C3 = 0x4700;
/** "FPU Flags Affected" of the SDM. C1 after FCOMI is 0 with Intel, and as before with AMD. */
const STATUS = new Map<string, number>([
  ...["Fcomi", "Fcomip", "Fucomi", "Fucomip"].map((name): [string, number] => [name, C1]),
  ...["Fcmovb", "Fcmove", "Fcmovbe", "Fcmovu"].map((name): [string, number] => [name, C1]),
  ...["Fcmovnb", "Fcmovne", "Fcmovnbe", "Fcmovnu"].map((name): [string, number] => [name, C1]),
  ["Ffree", C0_TO_C3],
  ["Ffreep", C0_TO_C3],
]);

const RULES = new Map<string, (draft: Draft) => void>([
  ["Shl", maskShift],
  ["Sal", maskShift],
  ["Shr", maskShift],
  ["Sar", maskShift],
  ["Rol", maskRotate],
  ["Ror", maskRotate],
  ["Rcl", maskRotate],
  ["Rcr", maskRotate],
  ["Shld", maskDoubleShift],
  ["Shrd", maskDoubleShift],
  ["Bsf", maskBitScan],
  ["Bsr", maskBitScan],
  ["Bswap", maskByteSwap],
  ["Cmpxchg", maskCompareExchange],
  ["Fxsave", (draft) => maskMemory(draft, FXSAVE_POINTERS)],
  ["Fxsave64", (draft) => maskMemory(draft, FXSAVE_POINTERS)],
  ["Fnstenv", maskEnvironment],
  ["Fstenv", maskEnvironment],
  ["Fnsave", maskEnvironment],
  ["Fsave", maskEnvironment],
]);

/** The operand's size in bits, by the register or the memory that ModRM names. */
function operandBits({ form }: Draft): number {
  return form.operandSize === 0 ? 8 : form.operandSize;
}

/** The count that the processor uses: 6 bits of it for 64-bit operands, else 5. */
function shiftCount(draft: Draft): number {
  const count = draft.immediate ?? (/_1$/.test(draft.form.name) ? 1n : draft.register(1));
  return Number(count & (operandBits(draft) === 64 ? 0x3fn : 0x1fn));
}

function maskShift(draft: Draft): void {
  const count = shiftCount(draft);
  if (count === 0) return;
  draft.mask.flags |= FLAG.af;
  if (count > 1) draft.mask.flags |= FLAG.of;
  if (draft.form.mnemonic !== "Sar" && count >= operandBits(draft)) draft.mask.flags |= FLAG.cf;
}

function maskRotate(draft: Draft): void {
  if (shiftCount(draft) > 1) draft.mask.flags |= FLAG.of;
}

function maskDoubleShift(draft: Draft): void {
  const count = shiftCount(draft);
  if (count === 0) return;
  draft.mask.flags |= FLAG.af;
  if (count > 1) draft.mask.flags |= FLAG.of;
  if (count <= operandBits(draft)) return;
  draft.mask.flags |= STATUS_FLAGS;
  maskDestination(draft, draft.rm?.number);
  if (draft.memory !== undefined) {
    const address = Number(BigInt.asUintN(32, draft.memory.address));
    draft.mask.memory.push({ address, length: 2 });
  }
}

/** Of zero, the destination is undefined (Intel), or as before (AMD, and Intel in practice). */
function maskBitScan(draft: Draft): void {
  draft.mask.flags |= draft.form.undefinedFlags;
  const bits = operandBits(draft);
  const source =
    draft.memory === undefined
      ? BigInt.asUintN(bits, draft.register(draft.rm?.number ?? 0))
      : draft.memory.bytes.subarray(0, bits / 8).reduce((sum, byte) => sum | BigInt(byte), 0n);
  if (source === 0n) draft.mask.registers.set(draft.reg?.number ?? 0, (1n << 64n) - 1n);
}

function maskByteSwap(draft: Draft): void {
  if (draft.form.operandSize === 16) maskDestination(draft, draft.rm?.number);
}

/** When they are not equal, Intel's write the register back and clear its upper half. */
function maskCompareExchange({ form, rm, mask }: Draft): void {
  if (form.operandSize === 32 && rm !== undefined) mask.registers.set(rm.number, UPPER_HALF);
}

const UPPER_HALF = 0xffffffff00000000n;

function maskDestination({ mask }: Draft, register: number | undefined): void {
  if (register !== undefined) mask.registers.set(register, 0xffffn);
}

type Range = readonly [offset: number, length: number];

/**
 * The pointers to the last x87 instruction and its operand, and its opcode: AMD's processors only
 * follow them for unmasked exceptions, and MXCSR_MASK, which tells of the processor.
 */
const FXSAVE_POINTERS: readonly Range[] = [
  [6, 18],
  [28, 4],
];

function maskMemory({ memory, mask }: Draft, ranges: readonly Range[]): void {
  if (memory === undefined) return;
  const address = Number(BigInt.asUintN(32, memory.address));
  for (const [offset, length] of ranges) mask.memory.push({ address: address + offset, length });
}

/** SDM vol. 1, figures 8-9 and 8-11: the pointers in environments of 28 and of 14 bytes. */
function maskEnvironment(draft: Draft): void {
  maskMemory(draft, [draft.form.operandSize === 16 ? [6, 8] : [12, 16]]);
}
