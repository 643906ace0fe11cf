import { INPUT, STATE } from "./case-format.js";
import type { Form } from "./forms.js";
import { CODE, PAGE_BYTES, windowOffset } from "./layout.js";
import type { Random } from "./random.js";

export interface Patch {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** What of an outcome says nothing, since the manuals leave it open or makers differ. */
export interface Mask {
  /** Bits of RFLAGS. */
  flags: number;
  /** Bits of the x87 status word. */
  status: number;
  /** Registers by their number, with the bits that are open. */
  readonly registers: Map<number, bigint>;
  /** Which byte of an operand over two pages is looked at first, when both would fault. */
  faultAddress: boolean;
  /** Ranges of memory. */
  readonly memory: { readonly address: number; readonly length: number }[];
}

/** Where everything is defined. */
export function nothingMasked(): Mask {
  return {
    flags: 0,
    status: 0,
    registers: new Map(),
    faultAddress: false,
    memory: [],
  };
}

/** A case while it is made. */
export class Draft implements InputParts {
  readonly form: Form;
  readonly random: Random;
  readonly codeBits = 64;
  readonly registers = new BigUint64Array(16);
  rflags = 0;
  readonly fx = new Uint8Array(512);
  readonly patches: Patch[] = [];
  readonly mask = nothingMasked();
  /** Registers with a value that something relies on. */
  readonly #taken = new Set<number>();
  codeAddress = 0;
  code: number[] = [];
  /** The register in ModRM's r/m or in the opcode; with `high`, AH to BH. */
  rm: RegisterOperand | undefined;
  /** The register in ModRM's reg. */
  reg: RegisterOperand | undefined;
  /** Where the memory operand is, and its patch. */
  memory: MemoryOperand | undefined;
  immediate: bigint | undefined;

  constructor(form: Form, random: Random) {
    this.form = form;
    this.random = random;
  }

  /** Gives a register a value that nothing may change any more; false when it has one. */
  take(register: number, value: bigint): boolean {
    if (this.#taken.has(register)) return false;
    this.#taken.add(register);
    this.registers[register] = value;
    return true;
  }

  isTaken(register: number): boolean {
    return this.#taken.has(register);
  }

  register(register: number): bigint {
    return this.registers[register] ?? 0n;
  }

  /**
   * Sets what memory holds at the start, as far as there are windows there. Behind the code stay
   * the INT3 that end the case.
   */
  patch(address: bigint, bytes: Uint8Array): void {
    if (address < 0n || address > 0x7fffffffn) return;
    const start = Number(address);
    // A page boundary may be the end of the windows: byte for byte finds it.
    let from = 0;
    while (from < bytes.length && windowOffset(start + from) < PAGE_BYTES) from++;
    let to = from;
    while (to < bytes.length && windowOffset(start + to) >= PAGE_BYTES) to++;
    if (to > from) this.patches.push({ address: start + from, bytes: bytes.slice(from, to) });
  }

  /** The bytes of a case as `case-format.ts` has them. @returns how many they are */
  write(into: Uint8Array, at: number): number {
    return writeInput(this, into, at);
  }
}

/** What a case's bytes say. */
export interface InputParts {
  readonly registers: BigUint64Array;
  readonly rflags: number;
  readonly fx: Uint8Array;
  readonly patches: readonly Patch[];
  readonly codeAddress: number;
  readonly code: readonly number[];
  /** 64, or 32 or 16 for compatibility mode. */
  readonly codeBits: 16 | 32 | 64;
}

/** Writes a case as `case-format.ts` has it. @returns its size in bytes */
export function writeInput(parts: InputParts, into: Uint8Array, at: number): number {
  const { registers, rflags, fx, patches, codeAddress, code, codeBits } = parts;
  const view = new DataView(into.buffer, into.byteOffset + at);
  let size: number = INPUT.bytes;
  for (const { bytes } of patches) size += 8 + ((bytes.length + 7) & ~7);
  size = (size + 15) & ~15;
  into.fill(0, at, at + size);
  view.setUint32(0, size, true);
  view.setUint32(INPUT.codeAddress, codeAddress, true);
  view.setUint32(INPUT.codeLength, code.length, true);
  view.setUint32(INPUT.patches, patches.length, true);
  registers.forEach((value, index) => {
    view.setBigUint64(INPUT.state + index * 8, value, true);
  });
  const codeBase = codeBits === 16 ? CODE : 0;
  view.setBigUint64(INPUT.state + STATE.rip, BigInt(codeAddress - codeBase), true);
  view.setBigUint64(INPUT.state + STATE.rflags, BigInt(rflags), true);
  if (codeBits !== 64) view.setUint32(INPUT.state + STATE.codeBits, codeBits, true);
  into.set(fx, at + INPUT.state + STATE.fx);
  into.set(code, at + INPUT.code);
  let patchAt = INPUT.bytes;
  for (const { address, bytes } of patches) {
    view.setUint32(patchAt, address, true);
    view.setUint32(patchAt + 4, bytes.length, true);
    into.set(bytes, at + patchAt + 8);
    patchAt += 8 + ((bytes.length + 7) & ~7);
  }
  return size;
}

export interface RegisterOperand {
  readonly number: number;
  readonly high: boolean;
}

export interface MemoryOperand {
  readonly address: bigint;
  readonly bytes: Uint8Array;
}
