import { FloatUnit } from "./float-unit";
import { INFINITE, ZERO } from "./unpacked";
import { divideWide } from "./wide";

/**
 * What remainder() returns when it only reduced: C2 of x87. Otherwise it returns the lowest three
 * bits of the quotient.
 */
export const REDUCTION_INCOMPLETE: i32 = -1;
/** What it returns when the operands have no quotient. */
export const NO_QUOTIENT: i32 = -2;

/**
 * r = a − b · q, where q is a / b rounded towards zero (FPREM), or to nearest (FPREM1, IEEE 754's
 * remainder). Where the exponents differ by 64 or more, it takes a multiple of b away that
 * brings them nearer (SDM vol. 2A, FPREM). r is exact.
 */
export function remainder(unit: FloatUnit, toNearest: bool): i32 {
  if (unit.nanOfTwo()) return NO_QUOTIENT;
  const a = unit.a;
  const b = unit.b;
  const r = unit.r;
  if (a.kind === INFINITE || b.kind === ZERO) {
    unit.invalid();
    return NO_QUOTIENT;
  }
  unit.noteDenormal(a.kind);
  unit.noteDenormal(b.kind);
  const distance = a.exponent - b.exponent;
  if (a.kind === ZERO || b.kind === INFINITE || distance < -1 || (distance < 0 && !toNearest)) {
    r.copyFrom(a);
    return 0;
  }
  if (distance >= 64) {
    // The manual leaves a number from 32 to 63 to the processor. AMD's takes this one.
    const count = 32 + (distance & 31);
    const rest = reduce(a.significand, b.significand, count);
    r.setNormalised(a.sign, b.exponent + distance - count, rest, 0);
    return REDUCTION_INCOMPLETE;
  }
  let quotient: u64 = 0;
  let rest = a.significand;
  const divisor = b.significand;
  if (distance < 0) {
    // a < b: in units of 2^(a.exponent − 63) the divisor has 65 bits.
    if (rest <= divisor) {
      r.copyFrom(a);
      return 0;
    }
    // 2a > b, so that b − a, negated, is nearer to zero.
    r.setNormalised(a.sign ^ 1, a.exponent, divisor - (rest - divisor), 0);
    return 1;
  }
  if (rest >= divisor) {
    rest -= divisor;
    quotient = 1 << distance;
  }
  if (distance > 0) {
    const part = divideWide(rest >> (64 - distance), rest << distance, divisor);
    rest = (rest << distance) - part * divisor;
    quotient += part;
  }
  let sign = a.sign;
  if (toNearest) {
    const other = divisor - rest;
    if (rest > other || (rest === other && (quotient & 1) !== 0)) {
      rest = other;
      quotient++;
      sign ^= 1;
    }
  }
  if (rest === 0) r.setZero(a.sign);
  else r.setNormalised(sign, b.exponent, rest, 0);
  return <i32>(quotient & 7);
}

/** dividend · 2^count modulo divisor; both have their top bit set, count is 1 to 63. */
function reduce(dividend: u64, divisor: u64, count: i32): u64 {
  const rest = dividend >= divisor ? dividend - divisor : dividend;
  const shifted = rest << count;
  return shifted - divideWide(rest >> (64 - count), shifted, divisor) * divisor;
}
