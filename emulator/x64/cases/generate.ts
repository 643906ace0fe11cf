import { type AddressBytes, pickAddressing, pickTarget } from "./addressing.js";
import { INPUT, STATUS_FLAGS } from "./case-format.js";
import { Draft, type Mask } from "./draft.js";
import { type Choices, encode } from "./encode.js";
import { pickFollowers } from "./followers.js";
import { type Form, formOfCode } from "./forms.js";
import { type FxUse, fillFxState } from "./fx-state.js";
import { INVALID_FORM, invalidCode } from "./invalid.js";
import { CODE, PAGE_BYTES } from "./layout.js";
import type { Operand, RegisterFile } from "./operands.js";
import { Random } from "./random.js";
import { adjustOperands, codeTarget, prepareImplied } from "./special.js";
import { maskUndefined } from "./undefined.js";
import { fillValues, integer } from "./values.js";

/** One case, ready to be written to a batch and to be compared. */
export interface Case {
  readonly form: Form;
  /** With the run's seed and the form, makes the case again. */
  readonly number: number;
  readonly input: Uint8Array;
  readonly mask: Mask;
}

const LOCK = 0xf0;
const REPNE = 0xf2;
const REP = 0xf3;
/** Reserved, and always set. */
const RFLAGS_ONES = 0x202;
const DIRECTION = 0x400;
/** The most that a case takes: see Draft.write. */
const MOST_BYTES = 8192;

const random = new Random();
const scratch = new Uint8Array(MOST_BYTES);

/** The case of this number, of this form, in the run with this seed. The same ones every time. */
export function generateCase(form: Form, seed: number, number: number): Case {
  random.seed(seed, form.code, number);
  const draft = new Draft(form, random);
  fillState(draft);
  prepareImplied(draft);
  writeCode(draft);
  const size = draft.write(scratch, 0);
  return { form, number, input: scratch.slice(0, size), mask: draft.mask };
}

function fillState(draft: Draft): void {
  for (let register = 0; register < 16; register++) draft.registers[register] = integer(random);
  draft.rflags = RFLAGS_ONES | (random.u32() & STATUS_FLAGS) | (random.u32() & DIRECTION);
  const use = fxUse(draft.form);
  const unused = random.percent(97);
  fillFxState(draft.fx, use === "none" && !unused ? "mmx" : use, draft.form.element, random);
}

/** Which part of the floating point state a form is about. */
function fxUse({ feature, operands, mnemonic }: Form): FxUse {
  const files = operands.map((operand) => ("file" in operand ? operand.file : ""));
  if (files.includes("mm") || feature === "MMX" || feature === "FXSR") return "mmx";
  if (feature.includes("FPU") || mnemonic === "Wait") return "x87";
  if (files.includes("xmm") || feature.startsWith("SSE")) return "sse";
  return "none";
}

function writeCode(draft: Draft): void {
  const { form } = draft;
  // Code at the end of its page is cut off there, and the fetch of the rest faults.
  const atEnd = random.percent(1) && form !== INVALID_FORM;
  draft.codeAddress = atEnd
    ? CODE + PAGE_BYTES - random.between(1, 12)
    : CODE + 0x100 + random.below(64);
  const code = form === INVALID_FORM ? invalidCode(random) : encode(form, choose(draft), random);
  adjustOperands(draft);
  if (draft.memory !== undefined) draft.patch(draft.memory.address, draft.memory.bytes);
  maskUndefined(draft);
  code.push(...pickFollowers(draft, fxUse(form) === "x87"));
  draft.code = code.slice(0, CODE + PAGE_BYTES - draft.codeAddress);
}

/** Chooses everything that is free, with prefixes only as far as they keep the form. */
function choose(draft: Draft): Choices {
  const { form } = draft;
  const bare = chooseOperands(draft);
  const invalidLock = !form.ringZero && random.percent(1);
  if (invalidLock) return { ...bare, prefixes: [LOCK] };
  const lockable = form.lockable && bare.address !== undefined && random.percent(25);
  const prefixes = [
    ...(lockable ? [LOCK] : []),
    ...repeatPrefix(form),
    ...(random.percent(8) ? [random.pick(redundantPrefixes(form))] : []),
  ];
  if (!form.ringZero && random.percent(1)) return lengthen(form, bare);
  const dressed = {
    ...bare,
    prefixes,
    misplacedRex: random.percent(4),
    rex: bare.rex || (random.percent(8) && !usesHighByte(draft)),
  };
  return isStill(dressed, bare, form) ? dressed : bare;
}

/** SDM vol. 2A, 2.3.11: the most bytes that an instruction has. */
const LONGEST = 15;
/** Segments, and REP and REPNE on what is no string instruction. */
const REDUNDANT = [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, REPNE, REP] as const;
const SEGMENTS_IGNORED = [0x26, 0x2e, 0x36, 0x3e] as const;
const SEGMENTS = [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65] as const;
const BRANCHES: ReadonlySet<string> = new Set(["Call", "Jmp", "Ret"]);

function redundantPrefixes({ operands, mnemonic }: Form): readonly number[] {
  // LOOPE with F2, and LOOPNE with F3, are the other one on AMD's processors.
  if (mnemonic.startsWith("Loop")) return SEGMENTS;
  // 67 would make the offset of MOV shorter; 66 on near branches is where Intel and AMD differ.
  if (operands.some((operand) => operand.in === "offset" || operand.in === "relative")) {
    return REDUNDANT;
  }
  return BRANCHES.has(mnemonic) ? REDUNDANT : [...REDUNDANT, 0x66, 0x67];
}

function repeatPrefix(form: Form): number[] {
  if (form.repeatable === "no" || random.percent(30)) return [];
  return [random.percent(50) ? REP : REPNE];
}

function usesHighByte({ rm, reg }: Draft): boolean {
  return rm?.high === true || reg?.high === true;
}

/** Prefixes up to the length that an instruction may have, or beyond it, which is #GP. */
function lengthen(form: Form, bare: Choices): Choices {
  const missing = LONGEST - encode(form, bare, new Random(1)).length;
  const count = Math.max(missing + random.below(2), 0);
  return { ...bare, prefixes: new Array<number>(count).fill(random.pick(SEGMENTS_IGNORED)) };
}

/** Whether prefixes left the instruction what it was, by iced. */
function isStill(dressed: Choices, bare: Choices, form: Form): boolean {
  const bytes = encode(form, dressed, new Random(1));
  if (bytes.length > LONGEST) return false;
  const code = (choices: Choices): number | undefined =>
    formOfCode(Uint8Array.from(encode(form, choices, new Random(1)).slice(form.fwait ? 1 : 0)));
  return code(dressed) === code(bare);
}

function chooseOperands(draft: Draft): Choices {
  const { form } = draft;
  const byteRegisters = form.operands.some((operand) => "file" in operand && operand.file === "r8");
  const withRex = form.rexW || !byteRegisters || random.percent(60);
  const registers = withRex ? 16 : 8;
  const choices = {
    rm: random.below(registers),
    reg: random.below(registers),
    opcodeRegister: random.below(registers),
    address: undefined as AddressBytes | undefined,
    rex: byteRegisters && withRex,
    prefixes: [] as number[],
    misplacedRex: false,
    immediates: [] as { bytes: number; value: bigint }[],
    codeAddress: draft.codeAddress,
    relative: { bytes: 0, distance: (_: number): bigint => 0n },
  };
  for (const operand of form.operands) {
    switch (operand.in) {
      case "reg":
        choices.reg = pickRegister(operand.file, choices.reg);
        draft.reg = named(operand.file, choices.reg, choices.rex || form.rexW);
        break;
      case "opcode":
        draft.rm = named(operand.file, choices.opcodeRegister, choices.rex || form.rexW);
        break;
      case "rm":
        if (operand.memory && (!operand.register || random.percent(55))) {
          choices.address = chooseMemory(draft, registers);
        } else draft.rm = named(operand.file, choices.rm, choices.rex || form.rexW);
        break;
      case "immediate":
        choices.immediates.push(chooseImmediate(draft, operand));
        break;
      case "relative":
        choices.relative = chooseBranch(draft, operand.bytes);
        break;
      case "offset":
        choices.immediates.push(chooseOffset(draft));
        break;
    }
  }
  return choices;
}

/** AH, CH, DH and BH are 4 to 7 where there is no REX. */
function named(file: RegisterFile, number: number, rex: boolean): Draft["rm"] {
  if (file === "mm" || file === "xmm" || file === "sreg") return undefined;
  const high = file === "r8" && !rex && number > 3 && number < 8;
  return { number: high ? number - 4 : number, high };
}

function pickRegister(file: RegisterFile, any: number): number {
  if (file === "sreg") return random.pick([0, 0, 2, 3, 4, 5, 1]);
  if (file === "cr") return random.pick([0, 2, 3, 4, 8]);
  return file === "dr" ? random.pick([0, 1, 2, 3, 6, 7]) : any;
}

function chooseMemory(draft: Draft, registers: number): AddressBytes {
  const { form } = draft;
  const alignment = form.memoryBytes === 16 || form.memoryBytes === 512 ? 16 : 1;
  const target = pickTarget(draft, form.memoryBytes, alignment);
  setMemory(draft, target);
  return pickAddressing(draft, target, registers);
}

function setMemory(draft: Draft, address: bigint): void {
  const { form } = draft;
  // Not less than what special.ts may write.
  const bytes = new Uint8Array(Math.max(form.memoryBytes, 16));
  fillValues(bytes, form.element, random);
  draft.memory = { address, bytes };
}

function chooseImmediate(
  draft: Draft,
  { bytes }: Extract<Operand, { in: "immediate" }>,
): { bytes: number; value: bigint } {
  const { form } = draft;
  let value = integer(random);
  if (form.mnemonic === "Retf") value = BigInt(random.below(512));
  if (form.mnemonic === "Enter") value = BigInt(bytes === 2 ? random.below(600) : random.below(40));
  // A count or a shuffle of a few bits is more often one that does something.
  else if (bytes === 1 && random.percent(40)) value = BigInt(random.below(40));
  draft.immediate = value;
  return { bytes, value };
}

function chooseBranch(draft: Draft, bytes: number): Choices["relative"] {
  if (bytes === 1) {
    // Far enough not to come back into the instruction, which could loop.
    const distance = random.percent(50) ? random.between(8, 127) : random.between(-128, -40);
    return { bytes, distance: () => BigInt(distance) };
  }
  const target = random.percent(90) ? codeTarget(draft) : BigInt(random.u32() | 0);
  return { bytes, distance: (length) => target - BigInt(draft.codeAddress + length) };
}

function chooseOffset(draft: Draft): { bytes: number; value: bigint } {
  const target = pickTarget(draft, draft.form.memoryBytes, 1);
  setMemory(draft, target);
  return { bytes: 8, value: target };
}

/** The case's code, as far as it is one instruction and what follows it. */
export function codeOf(input: Uint8Array): Uint8Array {
  const length = new DataView(input.buffer, input.byteOffset).getUint32(INPUT.codeLength, true);
  return input.subarray(INPUT.code, INPUT.code + length);
}
