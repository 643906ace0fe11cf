/**
 * What an operand is. The order is used: up to Denormal a number with a significand, from
 * QuietNaN on an operand that decides the result before any arithmetic.
 */
export const FINITE: u32 = 0;
export const DENORMAL: u32 = 1;
export const ZERO: u32 = 2;
export const INFINITE: u32 = 3;
export const QUIET_NAN: u32 = 4;
export const SIGNALLING_NAN: u32 = 5;
/** x87 only: an 80-bit pattern without the integer bit that it needs (SDM vol. 1, 8.2.2). */
export const UNSUPPORTED: u32 = 6;

/** The integer bit of a 64-bit significand. */
export const INTEGER_BIT: u64 = 0x8000_0000_0000_0000;
/** The bit below it: set in a quiet NaN. */
export const QUIET_BIT: u64 = 0x4000_0000_0000_0000;

/**
 * A number taken apart, the same for all formats. A finite one is not zero and normalised:
 * it is ±significand:low · 2^(exponent − 127), the integer bit of the significand set. `low` holds the
 * bits below what a result can keep; its bit 0 stands for everything further down.
 * The significand of a NaN is its fraction, aligned to the left, with the integer bit.
 */
@unmanaged
export class Unpacked {
  kind: u32;
  /** 0 or 1. */
  sign: u32;
  exponent: i32;
  significand: u64;
  low: u64;

  @inline
  get isNumber(): bool {
    return this.kind <= DENORMAL;
  }

  @inline
  get isNaN(): bool {
    return this.kind >= QUIET_NAN;
  }

  @inline
  setFinite(sign: u32, exponent: i32, significand: u64, low: u64): void {
    this.kind = FINITE;
    this.sign = sign;
    this.exponent = exponent;
    this.significand = significand;
    this.low = low;
  }

  @inline
  setZero(sign: u32): void {
    this.kind = ZERO;
    this.sign = sign;
    this.significand = 0;
    this.low = 0;
  }

  @inline
  setInfinite(sign: u32): void {
    this.kind = INFINITE;
    this.sign = sign;
    this.significand = INTEGER_BIT;
    this.low = 0;
  }

  @inline
  setNaN(sign: u32, significand: u64): void {
    this.kind = QUIET_NAN;
    this.sign = sign;
    this.significand = significand | INTEGER_BIT | QUIET_BIT;
    this.low = 0;
  }

  @inline
  copyFrom(other: Unpacked): void {
    this.kind = other.kind;
    this.sign = other.sign;
    this.exponent = other.exponent;
    this.significand = other.significand;
    this.low = other.low;
  }

  /** As setFinite, from bits that need not be normalised, or may be zero. */
  setNormalised(sign: u32, exponent: i32, significand: u64, low: u64): void {
    if (significand === 0) {
      if (low === 0) {
        this.setZero(sign);
        return;
      }
      significand = low;
      low = 0;
      exponent -= 64;
    }
    const shift = clz(significand);
    if (shift !== 0) {
      significand = (significand << shift) | (low >> (64 - shift));
      low <<= shift;
    }
    this.setFinite(sign, exponent - <i32>shift, significand, low);
  }
}
