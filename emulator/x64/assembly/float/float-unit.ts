import { DENORMAL, QUIET_NAN, SIGNALLING_NAN, UNSUPPORTED, Unpacked } from "./unpacked";

/** Exceptions, at their places in the x87 status word and in MXCSR (SDM vol. 1, 8.1.3, 10.2.3). */
export const INVALID: u32 = 0x01;
export const DENORMAL_OPERAND: u32 = 0x02;
export const ZERO_DIVIDE: u32 = 0x04;
export const OVERFLOW: u32 = 0x08;
export const UNDERFLOW: u32 = 0x10;
export const PRECISION: u32 = 0x20;
export const ALL_EXCEPTIONS: u32 = 0x3f;
/** Those found before anything is computed: unmasked, they leave no result. */
export const BEFORE_RESULT: u32 = INVALID | DENORMAL_OPERAND | ZERO_DIVIDE;

/** Rounding control, as the control word and MXCSR have it. */
export const NEAREST: u32 = 0;
export const DOWN: u32 = 1;
export const UP: u32 = 2;
export const TOWARDS_ZERO: u32 = 3;

/** The significand of the default NaN (SDM vol. 1, table 4-3: real indefinite); its sign is 1. */
const INDEFINITE: u64 = 0xc000_0000_0000_0000;

const OPERAND_A: usize = 64;
const OPERAND_B: usize = 96;
const RESULT: usize = 128;
/** No control word or MXCSR has it: tells what was taken from what never was. */
const TAKEN: u32 = 0x8000_0000;

/**
 * One arithmetic unit: the control bits that it computes by, two operands and a result. Nothing
 * in it outlives an instruction but what is derived of the control bits. Operations read `a` and `b`, leave an unrounded `r`, and add to `flags`
 * what they found; packing rounds `r` and adds the rest. It begins with beginX87 or beginSse.
 */
@unmanaged
export class FloatUnit {
  /** One of NEAREST, DOWN, UP, TOWARDS_ZERO. */
  rounding: u32;
  /** x87's precision control: bits of the significand, 24, 53 or 64. */
  precision: u32;
  /** Exceptions that are masked, a bit set each. */
  masks: u32;
  /** Exceptions of the current operation. */
  flags: u32;
  /** Whether rounding made the magnitude larger: C1 of x87. */
  roundedUp: u32;
  /** SSE's rules for NaNs in place of x87's. */
  sse: u32;
  /** MXCSR.DAZ and MXCSR.FTZ; 0 in x87's unit. */
  denormalsAreZeros: u32;
  flushToZero: u32;
  /** The control word or MXCSR that all this comes from. */
  private taken: u32;

  /** Bytes of a unit, operands included. */
  static readonly SIZE: usize = 160;

  @inline
  get a(): Unpacked {
    return changetype<Unpacked>(changetype<usize>(this) + OPERAND_A);
  }

  @inline
  get b(): Unpacked {
    return changetype<Unpacked>(changetype<usize>(this) + OPERAND_B);
  }

  @inline
  get r(): Unpacked {
    return changetype<Unpacked>(changetype<usize>(this) + RESULT);
  }

  /** Whether an exception of the current operation is unmasked. */
  @inline
  get faults(): bool {
    return (this.flags & ~this.masks) !== 0;
  }

  /**
   * Ends an operation: an unmasked exception of the operands leaves no result, and none of the
   * exceptions that rounding the result would have had. Whether there is a result.
   */
  @inline
  hasResult(): bool {
    if ((this.flags & ~this.masks & BEFORE_RESULT) === 0) return true;
    this.flags &= BEFORE_RESULT;
    this.roundedUp = 0;
    return false;
  }

  /** Begins an operation of x87, with this control word. */
  @inline
  beginX87(word: u32): void {
    if (this.taken !== (word | TAKEN)) this.setControlWord(word);
    this.flags = 0;
    this.roundedUp = 0;
  }

  /** Begins an operation of SSE, with this MXCSR. */
  @inline
  beginSse(mxcsr: u32): void {
    if (this.taken !== (mxcsr | TAKEN)) this.setMxcsr(mxcsr);
    this.flags = 0;
  }

  /** Takes the control bits of an x87 control word (SDM vol. 1, 8.1.5). */
  private setControlWord(word: u32): void {
    this.taken = word | TAKEN;
    this.masks = word & ALL_EXCEPTIONS;
    this.rounding = (word >> 10) & 3;
    const control = (word >> 8) & 3;
    // 01 is reserved; processors take it as the full precision.
    this.precision = control === 0 ? 24 : control === 2 ? 53 : 64;
    this.sse = 0;
    this.denormalsAreZeros = 0;
    this.flushToZero = 0;
  }

  /** Takes the control bits of MXCSR (SDM vol. 1, 10.2.3). */
  private setMxcsr(mxcsr: u32): void {
    this.taken = mxcsr | TAKEN;
    this.masks = (mxcsr >> 7) & ALL_EXCEPTIONS;
    this.rounding = (mxcsr >> 13) & 3;
    this.precision = 64;
    this.sse = 1;
    this.denormalsAreZeros = (mxcsr >> 6) & 1;
    // Flushing is the masked response: with underflow unmasked the bit has no effect.
    this.flushToZero = (mxcsr >> 15) & (mxcsr >> 11) & 1;
  }

  /** The masked response to an invalid operation: the default NaN. */
  invalid(): void {
    this.flags |= INVALID;
    this.r.setNaN(1, INDEFINITE);
  }

  @inline
  noteDenormal(kind: u32): void {
    if (kind === DENORMAL) this.flags |= DENORMAL_OPERAND;
  }

  /** Where `a` decides the result of a function of one operand: true, and `r` is set. */
  nanOfOne(): bool {
    const a = this.a;
    if (!a.isNaN) return false;
    if (a.kind === UNSUPPORTED) {
      this.invalid();
      return true;
    }
    if (a.kind === SIGNALLING_NAN) this.flags |= INVALID;
    this.r.setNaN(a.sign, a.significand);
    return true;
  }

  /** Where a NaN or an unsupported operand decides the result: true, and `r` is set. */
  nanOfTwo(): bool {
    const a = this.a;
    const b = this.b;
    if (a.kind < QUIET_NAN && b.kind < QUIET_NAN) return false;
    if (a.kind === UNSUPPORTED || b.kind === UNSUPPORTED) {
      this.invalid();
      return true;
    }
    if (a.kind === SIGNALLING_NAN || b.kind === SIGNALLING_NAN) this.flags |= INVALID;
    const taken = this.takesSecond() ? b : a;
    this.r.setNaN(taken.sign, taken.significand);
    return true;
  }

  /** Which of two operands gives the NaN of the result (SDM vol. 1, table 4-7). */
  private takesSecond(): bool {
    const a = this.a;
    const b = this.b;
    if (!a.isNaN) return true;
    if (!b.isNaN || this.sse !== 0) return false;
    if (a.kind !== b.kind) return b.kind === QUIET_NAN;
    if (a.significand !== b.significand) return b.significand > a.significand;
    // Equal but for their signs: processors give the positive one.
    return b.sign < a.sign;
  }
}

/** The units of x87 and of SSE. Processors share them: each instruction begins by its own controls. */
export const x87Unit = changetype<FloatUnit>(memory.data(160, 16));
export const sseUnit = changetype<FloatUnit>(memory.data(160, 16));
