import { FloatUnit, INVALID, PRECISION } from "./float-unit";
import { roundsUp } from "./round";
import { INFINITE, INTEGER_BIT, Unpacked, ZERO } from "./unpacked";
import { shiftRightJam } from "./wide";

/** An integer as an operand: exact in 64 bits. */
export function unpackInteger(to: Unpacked, value: i64): void {
  const sign = u32(<u64>value >> 63);
  to.setNormalised(sign, 63, <u64>(sign ? -value : value), 0);
}

/**
 * a as an integer of T's width, rounded as given; where it does not fit, invalid and the
 * integer indefinite, the least number of T. A denormal is no exception here.
 */
export function toInteger<T>(unit: FloatUnit, rounding: u32): T {
  const indefinite = <T>((<T>1) << (<T>(sizeof<T>() * 8 - 1)));
  const a = unit.a;
  unit.roundedUp = 0;
  if (a.kind === ZERO) return 0;
  if (a.kind >= INFINITE || a.exponent > 63) {
    unit.flags |= INVALID;
    return indefinite;
  }
  const before = unit.flags;
  const magnitude = roundMagnitude(unit, rounding);
  // Rounding up cannot overflow 64 bits: a number of 64 bits is an integer.
  const limit = ((<u64>1) << (sizeof<T>() * 8 - 1)) - 1 + a.sign;
  if (magnitude > limit) {
    unit.flags = before | INVALID;
    unit.roundedUp = 0;
    return indefinite;
  }
  return <T>(a.sign !== 0 ? -(<i64>magnitude) : <i64>magnitude);
}

/** |a| rounded to an integer of at most 64 bits; a is a number with an exponent up to 63. */
export function roundMagnitude(unit: FloatUnit, rounding: u32): u64 {
  const a = unit.a;
  let magnitude: u64 = 0;
  let rest: u64 = 1;
  const count = <u32>(63 - a.exponent);
  if (count < 128) {
    magnitude = count < 64 ? a.significand >> count : 0;
    rest = shiftRightJam(a.significand, 0, count);
  }
  unit.roundedUp = 0;
  if (rest !== 0) {
    unit.flags |= PRECISION;
    if (roundsUp(rounding, a.sign, (magnitude & 1) !== 0, rest, INTEGER_BIT)) {
      unit.roundedUp = 1;
      magnitude++;
    }
  }
  return magnitude;
}

/** r = a rounded to an integer. The caller notes a denormal: FRNDINT does, ROUNDSD does not. */
export function roundToIntegral(unit: FloatUnit, rounding: u32): void {
  if (unit.nanOfOne()) return;
  const a = unit.a;
  const r = unit.r;
  unit.roundedUp = 0;
  if (!a.isNumber || a.exponent >= 63) {
    r.copyFrom(a);
    return;
  }
  r.setNormalised(a.sign, 63, roundMagnitude(unit, rounding), 0);
}
