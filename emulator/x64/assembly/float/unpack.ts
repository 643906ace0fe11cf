import { FloatUnit } from "./float-unit";
import {
  DENORMAL,
  FINITE,
  INFINITE,
  INTEGER_BIT,
  QUIET_BIT,
  QUIET_NAN,
  SIGNALLING_NAN,
  UNSUPPORTED,
  Unpacked,
  ZERO,
} from "./unpacked";

export const EXTENDED_BIAS: i32 = 0x3fff;
export const EXTENDED_MAX_FIELD: u32 = 0x7fff;

/** Takes an 80-bit number apart: 64 bits at `pointer`, sign and exponent after them. */
export function unpackExtended(to: Unpacked, pointer: usize): void {
  const significand = load<u64>(pointer);
  const upper = <u32>load<u16>(pointer, 8);
  const field = upper & EXTENDED_MAX_FIELD;
  to.sign = upper >> 15;
  to.low = 0;
  to.significand = significand;
  if (field - 1 < EXTENDED_MAX_FIELD - 1) {
    to.exponent = <i32>field - EXTENDED_BIAS;
    to.kind = significand >> 63 !== 0 ? FINITE : UNSUPPORTED;
  } else if (field === 0) {
    if (significand === 0) {
      to.kind = ZERO;
      return;
    }
    // With the integer bit it is a pseudo-denormal, which has the same exponent.
    const shift = <i32>clz(significand);
    to.kind = DENORMAL;
    to.significand = significand << shift;
    to.exponent = 1 - EXTENDED_BIAS - shift;
  } else if (significand >> 63 === 0) {
    to.kind = UNSUPPORTED;
  } else if (significand << 1 === 0) {
    to.kind = INFINITE;
  } else {
    to.kind = (significand & QUIET_BIT) !== 0 ? QUIET_NAN : SIGNALLING_NAN;
  }
}

/** Takes a binary32 (T is u32) or a binary64 (u64) apart. */
export function unpackBinary<T>(unit: FloatUnit, to: Unpacked, bits: T): void {
  // Fields of the format: bits of the exponent, and of the fraction that is stored.
  const exponentBits: u32 = sizeof<T>() === 4 ? 8 : 11;
  const fractionBits: u32 = sizeof<T>() === 4 ? 23 : 52;
  const maxField: u32 = (1 << exponentBits) - 1;
  const bias: i32 = <i32>(maxField >> 1);
  const field = <u32>(bits >> fractionBits) & maxField;
  const fraction = ((<u64>bits) << (64 - fractionBits)) >> 1;
  to.sign = <u32>(bits >> (exponentBits + fractionBits));
  to.low = 0;
  to.significand = fraction | INTEGER_BIT;
  if (field - 1 < maxField - 1) {
    to.kind = FINITE;
    to.exponent = <i32>field - bias;
  } else if (field !== 0) {
    to.kind = fraction === 0 ? INFINITE : fraction & QUIET_BIT ? QUIET_NAN : SIGNALLING_NAN;
  } else if (fraction === 0 || unit.denormalsAreZeros !== 0) {
    to.kind = ZERO;
    to.significand = 0;
  } else {
    const shift = <i32>clz(fraction);
    to.kind = DENORMAL;
    to.significand = fraction << shift;
    to.exponent = 1 - bias - shift;
  }
}
