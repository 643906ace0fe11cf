import { Decoder } from "iced-x86";
import { FLAG, FX, REGISTER, STATUS_FLAGS } from "./case-format.js";
import { COMPATIBILITY_FORMS } from "./compatibility-forms.js";
import { type InputParts, type Mask, nothingMasked, type Patch, writeInput } from "./draft.js";
import { flagsOf } from "./forms.js";
import { CODE, DATA, PAGE_BYTES, STACK } from "./layout.js";
import { Random } from "./random.js";
import { integer } from "./values.js";

/** A case of one instruction in compatibility mode, in 32-bit or in 16-bit code: `case-format.ts` has the bytes. */
export interface CompatibilityCase {
  readonly form: CompatibilityForm;
  /** With the run's seed and the form, makes the case again. */
  readonly number: number;
  readonly input: Uint8Array;
  readonly mask: Mask;
}

export interface CompatibilityForm {
  /** Its name in a recorded set: `text`, and the code's bits. */
  readonly name: string;
  /** As in `compatibility-forms.ts`, like `encoding`. */
  readonly text: string;
  readonly encoding: string;
  readonly mnemonic: string;
  readonly codeBits: 16 | 32;
  /** The identity of the form in seeds. */
  readonly index: number;
}

export const compatibilityForms: readonly CompatibilityForm[] = ([32, 16] as const).flatMap(
  (codeBits) =>
    COMPATIBILITY_FORMS.map(([text, encoding], index) => ({
      name: `${text}, ${codeBits} bits`,
      text,
      encoding,
      mnemonic: text.split(" ")[0] ?? text,
      codeBits,
      index: codeBits * 1000 + index,
    })),
);

/** Where the code is, far enough from both ends of its page for short branches. */
const CODE_AT = CODE + PAGE_BYTES / 2;
const DATA_BYTES = 3 * PAGE_BYTES;
const RFLAGS_ONES = 0x202;
const OPERAND_SIZE = 0x66;
const ADDRESS_SIZE = 0x67;
/** ES, CS, SS, DS. FS and GS are left out: whether null selectors fault there depends on the maker. */
const SEGMENT_PREFIXES = [0x26, 0x2e, 0x36, 0x3e] as const;
const REPETITIONS = [0xf2, 0xf3] as const;
/** Linux's, null ones, and some that do not fit. */
const SELECTORS = [0, 1, 3, 0x10, 0x18, 0x1b, 0x23, 0x28, 0x2a, 0x2b, 0x2b, 0x2b, 0x33] as const;
const MOST_BYTES = 4096;

/** Of the segments that 16-bit code has: `engine-machine.ts` and `processor.c` make them. */
const BASES_16 = { code: CODE, data: DATA, stack: STACK } as const;

const { rbx, rbp, rsi, rdi } = REGISTER;
/** Of each r/m with 16-bit addresses: the registers of the sum, -1 for none. */
const ADDRESSES_16 = [
  { base: rbx, index: rsi },
  { base: rbx, index: rdi },
  { base: rbp, index: rsi },
  { base: rbp, index: rdi },
  { base: rsi, index: -1 },
  { base: rdi, index: -1 },
  { base: rbp, index: -1 },
  { base: rbx, index: -1 },
] as const;

const scratch = new Uint8Array(MOST_BYTES);

/** The case of this number, of this form, in the run with this seed. The same ones every time. */
export function generateCompatibility(
  form: CompatibilityForm,
  seed: number,
  number: number,
): CompatibilityCase {
  const draft = new CompatibilityDraft(form, new Random(seed, 0x32000000 + form.index, number));
  const size = writeInput(draft, scratch, 0);
  const mask = nothingMasked();
  mask.flags = undefinedFlags(draft.code, form.codeBits);
  // IRET to a stack of 16 bits leaves something of the kernel's there.
  if (form.codeBits === 16) mask.registers.set(REGISTER.rsp, 0xffffffff00000000n);
  return { form, number, input: scratch.slice(0, size), mask };
}

function undefinedFlags(code: readonly number[], codeBits: 16 | 32): number {
  const decoder = new Decoder(codeBits, Uint8Array.from(code), 0);
  const instruction = decoder.decode();
  const flags = flagsOf(instruction.code).undefined;
  instruction.free();
  decoder.free();
  return flags;
}

class CompatibilityDraft implements InputParts {
  readonly registers = new BigUint64Array(16);
  readonly rflags: number;
  readonly fx = new Uint8Array(FX.bytes);
  readonly patches: Patch[] = [];
  readonly codeAddress = CODE_AT;
  readonly code: number[] = [];
  readonly codeBits: 16 | 32;
  readonly #random: Random;
  /** Of the segments of code, data and stack: in 16-bit code offsets are not addresses. */
  readonly #bases: { readonly code: number; readonly data: number; readonly stack: number };
  readonly #operandBytes: 2 | 4;
  readonly #addressBytes: 2 | 4;

  constructor({ name, encoding, codeBits }: CompatibilityForm, random: Random) {
    this.#random = random;
    this.codeBits = codeBits;
    this.#bases = codeBits === 16 ? BASES_16 : { code: 0, data: 0, stack: 0 };
    const direction = random.percent(30) ? FLAG.df : 0;
    this.rflags = RFLAGS_ONES | (random.u32() & STATUS_FLAGS) | direction;
    const fx = new DataView(this.fx.buffer);
    fx.setUint16(FX.fcw, 0x37f, true);
    fx.setUint32(FX.mxcsr, 0x1f80, true);
    this.#fillRegisters();
    const words = encoding.split(" ");
    const prefixes: number[] = [];
    if (random.percent(25)) prefixes.push(OPERAND_SIZE);
    if (random.percent(15)) prefixes.push(ADDRESS_SIZE);
    if (random.percent(20)) prefixes.push(random.pick(SEGMENT_PREFIXES));
    if (words.includes("rep") && random.percent(70)) prefixes.push(random.pick(REPETITIONS));
    this.#operandBytes = prefixes.includes(OPERAND_SIZE) === (codeBits === 32) ? 2 : 4;
    this.#addressBytes = prefixes.includes(ADDRESS_SIZE) === (codeBits === 32) ? 2 : 4;
    this.code.push(...prefixes);
    for (const word of words) this.#encode(word, words.includes("m"), name);
    this.#fillStack(name);
  }

  /** Most point to where there is memory: the stack, and strings. Counts are small. */
  #fillRegisters(): void {
    const random = this.#random;
    for (let register = 0; register < 8; register++) {
      this.registers[register] = BigInt.asUintN(32, integer(random));
    }
    const stack = STACK - this.#bases.stack;
    if (random.percent(85)) this.#set(REGISTER.rsp, stack + random.below(PAGE_BYTES));
    if (random.percent(70)) this.#set(REGISTER.rbp, stack + random.below(PAGE_BYTES));
    if (random.percent(80)) this.#set(REGISTER.rsi, this.#dataAddress());
    if (random.percent(80)) this.#set(REGISTER.rdi, this.#dataAddress());
    if (random.percent(40)) this.#set(REGISTER.rbx, this.#dataAddress());
    if (random.percent(70)) this.#set(REGISTER.rcx, random.below(24));
  }

  /** An offset in the data's segment. */
  #dataAddress(): number {
    return DATA - this.#bases.data + this.#random.below(DATA_BYTES - 16);
  }

  #set(register: number, value: number): void {
    this.registers[register] = BigInt(value >>> 0);
  }

  #get(register: number): number {
    return Number(this.registers[register] ?? 0n);
  }

  #number(value: number, bytes: number): void {
    for (let byte = 0; byte < bytes; byte++) this.code.push((value >>> (byte * 8)) & 0xff);
  }

  /** A word of the form's notation. */
  #encode(word: string, isMemory: boolean, name: string): void {
    const random = this.#random;
    const value = Number(BigInt.asUintN(32, integer(random)));
    switch (word) {
      case "m":
      case "rep":
        return;
      case "+r":
        this.code.push((this.code.pop() ?? 0) + random.below(8));
        return;
      case "ib":
        // ENTER's second one, which copies as many pointers.
        this.#number(name.startsWith("ENTER") && random.percent(90) ? value & 3 : value, 1);
        return;
      case "iw":
        this.#number(random.percent(80) ? value & 0x7f : value, 2);
        return;
      case "iz":
        this.#number(value, this.#operandBytes);
        return;
      case "cb":
        this.#number(this.#distance((value << 24) >> 24, 1), 1);
        return;
      case "cz": {
        const bytes = this.#operandBytes;
        const distance = random.percent(80) ? (value % 1024) - 512 : value | 0;
        this.#number(this.#distance(distance, bytes), bytes);
        return;
      }
      case "o":
        this.#number(random.percent(85) ? this.#dataAddress() : value, this.#addressBytes);
        return;
    }
    if (!word.startsWith("/")) {
      this.code.push(Number.parseInt(word, 16));
      return;
    }
    const middle = word === "/r" ? random.below(8) : Number(word.slice(1));
    if (isMemory || random.percent(65)) this.#memory(middle, name);
    else this.#register(middle, name);
  }

  /** A branch to itself, or to its own bytes, might never end. */
  #distance(wanted: number, bytes: number): number {
    const length = this.code.length + bytes;
    return wanted < 0 && wanted >= -length ? wanted + length : wanted;
  }

  /** An offset in the code's segment where nothing but INT3 is. */
  #codeAddress(): number {
    return CODE - this.#bases.code + this.#random.below(PAGE_BYTES / 4);
  }

  #register(middle: number, name: string): void {
    const random = this.#random;
    const register = random.below(8);
    this.code.push(0xc0 | (middle << 3) | register);
    if (name.startsWith("MOV Sreg")) this.#set(register, random.pick(SELECTORS));
    const isBranch = /^(CALL|JMP)/.test(name);
    if (isBranch && random.percent(60)) this.#set(register, this.#codeAddress());
  }

  /** ModRM, SIB and displacement, with the registers' values so that memory is there. */
  #memory(middle: number, name: string): void {
    const random = this.#random;
    const mod = random.below(3);
    const rm = random.below(8);
    this.code.push((mod << 6) | (middle << 3) | rm);
    if (this.#addressBytes === 2) {
      this.#memory16(mod, rm, name);
      return;
    }
    let base = rm;
    let scaled = 0;
    if (rm === REGISTER.rsp) {
      const index = random.below(8);
      const scale = random.below(4);
      base = random.below(8);
      this.code.push((scale << 6) | (index << 3) | base);
      if (index !== REGISTER.rsp) scaled = this.#get(index) << scale;
    }
    const target = this.#dataAddress();
    this.#patchOperand(target, name);
    if (mod === 0 && base === REGISTER.rbp) {
      this.#number(target - scaled, 4);
    } else if (mod === 2) {
      this.#number(target - scaled - this.#get(base), 4);
    } else {
      const displacement = mod === 1 ? (random.u32() << 24) >> 24 : 0;
      if (mod === 1) this.#number(displacement, 1);
      if (base !== REGISTER.rsp) this.#set(base, target - scaled - displacement);
    }
  }

  /** SDM vol. 2A, table 2-1. In 32-bit code only the address is looked at: nothing is mapped there. */
  #memory16(mod: number, rm: number, name: string): void {
    const target = this.#dataAddress();
    this.#patchOperand(target, name);
    const { base, index } = ADDRESSES_16[rm] ?? ADDRESSES_16[0];
    const rest = target - (index < 0 ? 0 : this.#get(index));
    if (mod === 0 && rm === 6) this.#number(target, 2);
    else if (mod === 2) this.#number(rest - this.#get(base), 2);
    else {
      const displacement = mod === 1 ? (this.#random.u32() << 24) >> 24 : 0;
      if (mod === 1) this.#number(displacement, 1);
      this.#set(base, (this.#get(base) & ~0xffff) | ((rest - displacement) & 0xffff));
    }
  }

  #patchOperand(offset: number, name: string): void {
    const random = this.#random;
    const bytes = new Uint8Array(8);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, integer(random), true);
    if (name.startsWith("MOV Sreg")) view.setUint16(0, random.pick(SELECTORS), true);
    if (/^L[ED]S,/.test(name)) {
      view.setUint16(this.#operandBytes, random.pick(SELECTORS), true);
    }
    if (/^(CALL|JMP)/.test(name) && random.percent(60)) {
      view.setUint32(0, this.#codeAddress(), true);
    }
    this.patches.push({ address: offset + this.#bases.data, bytes });
  }

  /** What is popped: an address for RET, a selector, flags without TF. */
  #fillStack(name: string): void {
    const random = this.#random;
    const top = this.#get(REGISTER.rsp) + this.#bases.stack - STACK;
    if (top < 0 || top > PAGE_BYTES - 4) return;
    let value = Number(BigInt.asUintN(32, integer(random)));
    if (name.startsWith("RET") && random.percent(70)) value = this.#codeAddress();
    else if (/^POP [DES]S,/.test(name)) value = random.pick(SELECTORS);
    else if (name.startsWith("POPF")) value &= ~(FLAG.tf | FLAG.ac | FLAG.nt);
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value >>> 0, true);
    this.patches.push({ address: STACK + top, bytes });
  }
}
