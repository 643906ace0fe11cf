import { nonCanonical, pickTarget } from "./addressing.js";
import { FLAG, FX, REGISTER } from "./case-format.js";
import type { Draft } from "./draft.js";
import { controlWord, fillFxState, mxcsr } from "./fx-state.js";
import { CODE, DATA, PAGE_BYTES, STACK } from "./layout.js";
import type { Random } from "./random.js";
import { integer, writeFloat80 } from "./values.js";

/** Sets registers that an instruction uses without naming them, before its operands are chosen. */
export function prepareImplied(draft: Draft): void {
  const { form } = draft;
  if (form.stack && !draft.random.percent(8)) draft.take(REGISTER.rsp, stackPointer(draft));
  else if (!draft.random.percent(30)) draft.registers[REGISTER.rsp] = stackPointer(draft);
  for (const operand of form.operands) {
    if (operand.in === "memory-of") IMPLIED_MEMORY[operand.register](draft);
  }
  BEFORE.get(form.mnemonic)?.(draft);
}

/** Gives the operands values with which the instruction does more than fault. */
export function adjustOperands(draft: Draft): void {
  AFTER.get(draft.form.mnemonic)?.(draft);
}

/** Where code may go on: an INT3, what may not be executed, nothing, or no address at all. */
export function codeTarget(draft: Draft): bigint {
  const { random } = draft;
  const kind = random.below(20);
  if (kind < 14) return BigInt(CODE + 0x300 + random.below(0xc00));
  if (kind < 16) return BigInt(DATA + random.below(PAGE_BYTES));
  if (kind < 18) return BigInt(random.pick([0, 0x30000000, CODE - 1, CODE + PAGE_BYTES]));
  return nonCanonical(draft);
}

function stackPointer(draft: Draft): bigint {
  const { random } = draft;
  const kind = random.below(100);
  if (kind < 78) return BigInt(STACK + 0x400 + random.below(0x180) * 8);
  if (kind < 86) return BigInt(STACK + 0x400 + random.below(0xc00));
  if (kind < 90) return BigInt(STACK + random.below(32));
  if (kind < 94) return BigInt(STACK + PAGE_BYTES - random.below(32));
  if (kind < 96) return BigInt(DATA + 2 * PAGE_BYTES - random.between(-16, 16));
  if (kind < 98) return nonCanonical(draft);
  return integer(random) & 0x7fffffffn;
}

/** Where a string instruction points; a 32-bit one ignores the upper halves. */
function pointer(draft: Draft, register: number): void {
  const { form, random } = draft;
  const target = pickTarget(draft, form.memoryBytes * random.pick([1, 1, 4, 8]), 1);
  const upper = form.addressSize === 32 ? random.u64() & ~0xffffffffn : 0n;
  draft.take(register, upper | (form.addressSize === 32 ? BigInt.asUintN(32, target) : target));
  const bytes = new Uint8Array(form.memoryBytes * 4);
  const same = random.percent(40);
  for (let at = 0; at < bytes.length; at++) bytes[at] = same ? 0x41 : random.pick([0x41, 0x42, 0]);
  draft.patch(target, bytes);
  if (!same) return;
  // Bytes that compare equal to the accumulator's, and to the other operand's.
  draft.registers[REGISTER.rax] = 0x4141414141414141n;
}

function counter(draft: Draft): void {
  const { form, random } = draft;
  const upper = form.addressSize === 32 ? random.u64() & ~0xffffffffn : 0n;
  const most = random.percent(4) ? 0xffffffff : 24;
  draft.take(REGISTER.rcx, upper | BigInt(random.pick([0, 1, 2, random.between(0, most)])));
}

const IMPLIED_MEMORY = {
  rsi: (draft: Draft): void => {
    pointer(draft, REGISTER.rsi);
    if (!draft.isTaken(REGISTER.rcx)) counter(draft);
  },
  rdi: (draft: Draft): void => {
    const { random } = draft;
    // Overlapping source and destination, a few bytes apart.
    if (draft.isTaken(REGISTER.rsi) && random.percent(35)) {
      const distance = BigInt(random.between(-20, 20));
      draft.take(REGISTER.rdi, BigInt.asUintN(64, draft.register(REGISTER.rsi) + distance));
    } else pointer(draft, REGISTER.rdi);
    if (!draft.isTaken(REGISTER.rcx)) counter(draft);
  },
  maskmov: (draft: Draft): void => {
    draft.take(REGISTER.rdi, pickTarget(draft, 16, 1));
  },
  xlat: (draft: Draft): void => {
    const index = draft.register(REGISTER.rax) & 0xffn;
    draft.take(REGISTER.rbx, BigInt.asUintN(64, pickTarget(draft, 1, 1) - index));
  },
};

function takeFrame(draft: Draft): void {
  draft.take(REGISTER.rbp, stackPointer(draft));
}

function loopCounter(draft: Draft): void {
  const upper = draft.form.addressSize === 32 ? draft.random.u64() & ~0xffffffffn : 0n;
  const value = draft.random.percent(70) ? BigInt(draft.random.below(3)) : integer(draft.random);
  draft.take(REGISTER.rcx, draft.form.addressSize === 32 ? upper | (value & 0xffffffffn) : value);
}

/**
 * In the middle of a page, or nowhere: AMD's processors read what is popped in an order of their
 * own, and with an immediate look at what lies behind what they drop, too.
 */
function takeFarStack(draft: Draft): void {
  const { random } = draft;
  const inside = BigInt(STACK + 0x400 + random.below(0x100) * 8);
  draft.registers[REGISTER.rsp] = random.percent(90) ? inside : nonCanonical(draft);
}

const BEFORE = new Map<string, (draft: Draft) => void>([
  ["Enter", takeFrame],
  ["Leave", takeFrame],
  ["Retf", takeFarStack],
  ["Iret", takeFarStack],
  ["Iretd", takeFarStack],
  ["Iretq", takeFarStack],
  ["Loop", loopCounter],
  ["Loope", loopCounter],
  ["Loopne", loopCounter],
  ["Jrcxz", loopCounter],
  ["Jecxz", loopCounter],
]);

/** What is on top of the stack at the start. */
function patchStack(draft: Draft, value: bigint): void {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  draft.patch(draft.register(REGISTER.rsp), bytes);
}

const popped = (random: Random): bigint =>
  integer(random) & ~BigInt(FLAG.tf | FLAG.rf | (0x1e << 16) | FLAG.ac);

/** TF would end the case in a #DB; RF, VM, VIF and VIP are not the program's. */
function popFlags(draft: Draft): void {
  patchStack(draft, popped(draft.random));
}

/** Writes the operand, be it a register or memory. */
function setOperand(draft: Draft, value: bigint): void {
  const { rm, memory } = draft;
  if (memory !== undefined) {
    new DataView(memory.bytes.buffer).setBigUint64(0, value, true);
  } else if (rm !== undefined && !draft.isTaken(rm.number)) {
    draft.registers[rm.number] = value;
  }
}

/** Dividends that have a quotient: most random ones overflow. */
function divide(draft: Draft): void {
  const { form, random } = draft;
  const { rax, rdx } = REGISTER;
  if (random.percent(20)) return;
  const bits = form.operandSize === 0 ? 8 : form.operandSize;
  const low = draft.register(rax);
  const negative = form.mnemonic === "Idiv" && BigInt.asIntN(bits, low) < 0n;
  const high = random.percent(25) ? BigInt(random.below(4)) : negative ? -1n : 0n;
  if (bits === 8) {
    const value = (low & ~0xff00n) | (BigInt.asUintN(8, high) << 8n);
    if (!draft.isTaken(rax)) draft.registers[rax] = value;
  } else if (!draft.isTaken(rdx)) {
    const kept = bits === 16 ? draft.register(rdx) & ~0xffffn : 0n;
    draft.registers[rdx] = kept | BigInt.asUintN(bits, high);
  }
}

/** The accumulator's value in the destination, every other time. */
function compareExchange(draft: Draft): void {
  if (draft.random.percent(50)) setOperand(draft, draft.register(REGISTER.rax));
}

function compareExchangePair(draft: Draft): void {
  const { memory, form } = draft;
  if (memory === undefined || draft.random.percent(50)) return;
  const view = new DataView(memory.bytes.buffer);
  const low = draft.register(REGISTER.rax);
  const high = draft.register(REGISTER.rdx);
  const wide = form.memoryBytes === 16;
  view.setBigUint64(0, wide ? low : (low & 0xffffffffn) | (high << 32n), true);
  if (wide) view.setBigUint64(8, high, true);
}

/** With a memory operand, the offset moves the address: by some bytes, or anywhere. */
function bitOffset(draft: Draft): void {
  const { reg, random } = draft;
  if (reg === undefined || draft.isTaken(reg.number) || random.percent(15)) return;
  const offset = BigInt(random.between(-1000, 1000));
  const bits = draft.form.operandSize;
  const kept = draft.register(reg.number) & ~((1n << BigInt(bits)) - 1n);
  draft.registers[reg.number] = kept | BigInt.asUintN(bits, offset);
}

function shiftCounter(draft: Draft): void {
  const { rcx } = REGISTER;
  if (draft.isTaken(rcx) || draft.random.percent(15)) return;
  const count = draft.random.pick([0, 1, 1, draft.random.below(32), draft.random.below(72)]);
  draft.registers[rcx] = (draft.register(rcx) & ~0xffn) | BigInt(count);
}

function nearTarget(draft: Draft): void {
  setOperand(draft, codeTarget(draft));
}

const PROGRAM_DATA = 0x2b;
/** Linux's descriptors for programs, its own, what is none, and beyond the end of the table. */
const SELECTORS = [
  0, 1, 2, 3, 0x2b, 0x2b, 0x28, 0x23, 0x33, 0x10, 0x18, 0x1b, 4, 7, 0xfff8, 0xffff,
];

function pickSelector({ random }: Draft): bigint {
  return (random.u64() & ~0xffffn) | BigInt(random.pick(SELECTORS));
}

/** The bytes that FXRSTOR, FRSTOR, FLDENV, FLDCW and LDMXCSR load. */
function image(draft: Draft, write: (bytes: Uint8Array, view: DataView) => void): void {
  const { memory } = draft;
  if (memory === undefined) return;
  write(memory.bytes, new DataView(memory.bytes.buffer));
}

function fxImage(draft: Draft): void {
  image(draft, (bytes, view) => {
    const { random } = draft;
    fillFxState(bytes.subarray(0, FX.bytes), "mmx", random.pick(["f32", "f64", "integer"]), random);
    // A reserved bit of MXCSR; bit 17 is not reserved with AMD.
    if (random.percent(6)) view.setUint32(FX.mxcsr, random.pick([1 << 16, 1 << 18, 1 << 31]), true);
  });
}

/** SDM vol. 1, figures 8-9 to 8-12. */
function environmentImage(draft: Draft): void {
  image(draft, (bytes, view) => {
    const { random, form } = draft;
    const word = form.operandSize === 16 ? 2 : 4;
    view.setUint16(0, controlWord(random), true);
    view.setUint16(word, random.u32() & 0x7f7f & ~(random.percent(70) ? 0x3f : 0), true);
    view.setUint16(2 * word, random.percent(40) ? 0 : random.u32() & 0xffff, true);
    for (let at = 7 * word; at + 10 <= bytes.length; at += 10) writeFloat80(view, at, random);
  });
}

function mxcsrImage(draft: Draft): void {
  image(draft, (_, view) => {
    const { random } = draft;
    const reserved = random.percent(10) ? random.pick([1 << 16, 1 << 18, 1 << 31]) : 0;
    view.setUint32(0, mxcsr(random) | reserved, true);
  });
}

function controlImage(draft: Draft): void {
  image(draft, (_, view) => view.setUint16(0, controlWord(draft.random), true));
}

/** Mostly the code that programs run in; not that of compatibility mode, where others compare. */
const CODE_SELECTORS = [0x33, 0x33, 0x33, 0x33, 0, 3, 0x2b, 0x30, 0x10, 0x13, 4, 0xfff8] as const;

/** An offset of the operand's size, and a selector. */
function farPointer(draft: Draft, offset: bigint, selector: number): void {
  const { memory, form } = draft;
  if (memory === undefined) return;
  const view = new DataView(memory.bytes.buffer);
  const offsetBytes = form.memoryBytes - 2;
  view.setBigUint64(0, offset, true);
  view.setUint16(offsetBytes, selector, true);
}

function farCode(draft: Draft): void {
  if (!/_m16(16|32)$/.test(draft.form.name)) {
    nearTarget(draft);
    return;
  }
  farPointer(draft, codeTarget(draft), draft.random.pick(CODE_SELECTORS));
}

function farData(draft: Draft): void {
  farPointer(draft, integer(draft.random), draft.random.pick(SELECTORS));
}

/** RIP, CS and, for IRET, RFLAGS, RSP and SS, each as wide as the operand. */
function farFrame(draft: Draft): void {
  const { form, random } = draft;
  const bytes = new Uint8Array(40);
  const view = new DataView(bytes.buffer);
  const width = form.operandSize / 8;
  const target = codeTarget(draft);
  // Of an address that is not canonical and a selector that is not valid, makers see one first.
  const isCanonical = target <= 0x7fffffffffffn;
  const values = [
    target,
    BigInt(random.pick(CODE_SELECTORS)),
    popped(random),
    stackPointer(draft),
    BigInt(isCanonical && random.percent(20) ? random.pick(SELECTORS) : PROGRAM_DATA),
  ];
  const count = form.mnemonic === "Retf" ? 2 : values.length;
  values.slice(0, count).forEach((value, index) => {
    if (width === 8) view.setBigUint64(index * width, value, true);
    else if (width === 4) view.setUint32(index * width, Number(value & 0xffffffffn), true);
    else view.setUint16(index * width, Number(value & 0xffffn), true);
  });
  draft.patch(draft.register(REGISTER.rsp), bytes.subarray(0, count * width));
}

const AFTER = new Map<string, (draft: Draft) => void>([
  ["Div", divide],
  ["Idiv", divide],
  ["Cmpxchg", compareExchange],
  ["Cmpxchg8b", compareExchangePair],
  ["Cmpxchg16b", compareExchangePair],
  ["Bt", bitOffset],
  ["Bts", bitOffset],
  ["Btr", bitOffset],
  ["Btc", bitOffset],
  ["Call", farCode],
  ["Jmp", farCode],
  ["Retf", farFrame],
  ["Iret", farFrame],
  ["Iretd", farFrame],
  ["Iretq", farFrame],
  ...["Lss", "Lfs", "Lgs"].map((name): [string, (draft: Draft) => void] => [name, farData]),
  ...["Lar", "Lsl", "Verr"].map((name): [string, (draft: Draft) => void] => [
    name,
    (draft) => setOperand(draft, pickSelector(draft)),
  ]),
  ["Ret", (draft) => patchStack(draft, codeTarget(draft))],
  ["Popf", popFlags],
  ["Popfq", popFlags],
  ["Pop", (draft) => patchStack(draft, selectorOrInteger(draft))],
  ["Mov", moveSelector],
  ["Fxrstor", fxImage],
  ["Fxrstor64", fxImage],
  ["Fldenv", environmentImage],
  ["Frstor", environmentImage],
  ["Fldcw", controlImage],
  ["Ldmxcsr", mxcsrImage],
  ...["Shl", "Sal", "Shr", "Sar", "Rol", "Ror", "Rcl", "Rcr", "Shld", "Shrd"].map(
    (mnemonic): [string, (draft: Draft) => void] => [mnemonic, shiftCounter],
  ),
]);

function selectorOrInteger(draft: Draft): bigint {
  return /_[FG]S$/.test(draft.form.name) ? pickSelector(draft) : integer(draft.random);
}

function moveSelector(draft: Draft): void {
  if (draft.form.name.startsWith("Mov_Sreg")) setOperand(draft, pickSelector(draft));
}
