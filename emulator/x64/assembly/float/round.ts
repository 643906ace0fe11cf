import { DOWN, FloatUnit, NEAREST, PRECISION, TOWARDS_ZERO, UP } from "./float-unit";
import { INTEGER_BIT, Unpacked } from "./unpacked";

/**
 * Rounds the significand of `r` to its top `bits` (of 64) by the rounding control; inexact
 * and C1 are noted. A significand that overflows becomes 1.0 with the next exponent.
 */
export function roundSignificand(unit: FloatUnit, r: Unpacked, bits: u32): void {
  let significand = r.significand;
  let one: u64 = 1;
  let half = INTEGER_BIT;
  let rest = r.low;
  if (bits !== 64) {
    one <<= 64 - bits;
    half = one >> 1;
    rest = (significand & (one - 1)) | u64(rest !== 0);
    significand &= ~(one - 1);
  }
  unit.roundedUp = 0;
  if (rest !== 0) {
    unit.flags |= PRECISION;
    if (roundsUp(unit.rounding, r.sign, (significand & one) !== 0, rest, half)) {
      unit.roundedUp = 1;
      significand += one;
      if (significand === 0) {
        significand = INTEGER_BIT;
        r.exponent++;
      }
    }
  }
  r.significand = significand;
  r.low = 0;
}

/** Whether the magnitude grows, of a number with `rest` (not 0) below its last bit. */
export function roundsUp(rounding: u32, sign: u32, odd: bool, rest: u64, half: u64): bool {
  if (rounding === NEAREST) return rest > half || (rest === half && odd);
  return rounding !== TOWARDS_ZERO && rounding === (sign !== 0 ? DOWN : UP);
}
