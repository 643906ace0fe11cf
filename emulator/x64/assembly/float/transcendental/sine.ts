// SDM vol. 2A, FSIN, FCOS, FSINCOS, FPTAN.
import { FloatUnit, PRECISION } from "../float-unit";
import { INFINITE, Unpacked, ZERO } from "../unpacked";
import {
  divideBySmall,
  divideNumbers,
  multiplyNumbers,
  stepDown,
  subtractNumbers,
} from "../wide-number";
import { setOne } from "./constants";

const angle = changetype<Unpacked>(memory.data(32, 16));
const square = changetype<Unpacked>(memory.data(32, 16));
const one = changetype<Unpacked>(memory.data(32, 16));
const series = changetype<Unpacked>(memory.data(32, 16));
const cosine = changetype<Unpacked>(memory.data(32, 16));

/** The argument is too large: C2, and nothing else happens. */
export const OUT_OF_RANGE: i32 = -1;

/**
 * The processor's π in units of 2^-64: 66 bits (SDM vol. 1, 8.3.8). By it sin(π rounded to 64
 * bits) is -2^-64, as real processors have it.
 */
const PI_HIGH: u64 = 0x3;
const PI_LOW: u64 = 0x243f_6a88_85a3_08d3;

/** More terms than any argument up to π/4 needs for 128 bits. */
const MOST_TERMS: i32 = 17;

/** r = sin a. @returns OUT_OF_RANGE, or 0 */
export function sine(unit: FloatUnit): i32 {
  if (isSpecial(unit)) return 0;
  const r = unit.r;
  const a = unit.a;
  if (a.kind === ZERO) {
    r.copyFrom(a);
    return 0;
  }
  const quadrant = reduce(unit);
  if (quadrant === OUT_OF_RANGE) return quadrant;
  if ((quadrant & 1) !== 0) cosineOfAngle(r);
  else sineOfAngle(r);
  r.sign ^= a.sign ^ u32((quadrant & 2) !== 0);
  return 0;
}

/** r = cos a. @returns OUT_OF_RANGE, or 0 */
export function cosineOf(unit: FloatUnit): i32 {
  if (isSpecial(unit)) return 0;
  const r = unit.r;
  if (unit.a.kind === ZERO) {
    setOne(r);
    return 0;
  }
  const quadrant = reduce(unit);
  if (quadrant === OUT_OF_RANGE) return quadrant;
  if ((quadrant & 1) !== 0) sineOfAngle(r);
  else cosineOfAngle(r);
  r.sign ^= u32(((quadrant + 1) & 2) !== 0);
  return 0;
}

/** r = tan a. @returns OUT_OF_RANGE, or 0 */
export function tangent(unit: FloatUnit): i32 {
  if (isSpecial(unit)) return 0;
  const r = unit.r;
  const a = unit.a;
  if (a.kind === ZERO) {
    r.copyFrom(a);
    return 0;
  }
  const quadrant = reduce(unit);
  if (quadrant === OUT_OF_RANGE) return quadrant;
  if (angle.exponent < -62 && (quadrant & 1) === 0) {
    // It is more than the angle by less than what 128 bits hold.
    r.setFinite(angle.sign ^ a.sign, angle.exponent, angle.significand, angle.low | 1);
    return 0;
  }
  sineOfAngle(r);
  cosineOfAngle(cosine);
  if ((quadrant & 1) !== 0) {
    divideNumbers(r, cosine, r);
    r.sign ^= 1;
  } else {
    divideNumbers(r, r, cosine);
  }
  r.sign ^= a.sign;
  r.low |= 1;
  return 0;
}

/** NaNs, and infinities, which are invalid: true, and r is set. */
function isSpecial(unit: FloatUnit): bool {
  if (unit.nanOfOne()) return true;
  if (unit.a.kind === INFINITE) {
    unit.invalid();
    return true;
  }
  unit.noteDenormal(unit.a.kind);
  return false;
}

/**
 * angle = |a| less the nearest multiple of π/2, exactly as the processor's π is. @returns that
 * multiple modulo 4
 */
function reduce(unit: FloatUnit): i32 {
  const a = unit.a;
  unit.flags |= PRECISION;
  if (a.exponent >= 63) {
    unit.flags &= ~PRECISION;
    return OUT_OF_RANGE;
  }
  if (a.exponent < -1) {
    angle.setFinite(0, a.exponent, a.significand, 0);
    return 0;
  }
  // In units of 2^-65 π/2 is the integer PI_HIGH:PI_LOW, and |a| is significand · 2^(exponent + 2).
  let high: u64 = 0;
  let low = a.significand;
  let quotient: i32 = 0;
  for (let left = a.exponent + 2; left > 0; left--) {
    high = (high << 1) | (low >> 63);
    low <<= 1;
    quotient <<= 1;
    if (high > PI_HIGH || (high === PI_HIGH && low >= PI_LOW)) {
      high -= PI_HIGH + u64(low < PI_LOW);
      low -= PI_LOW;
      quotient++;
    }
  }
  const doubledHigh = (high << 1) | (low >> 63);
  const doubledLow = low << 1;
  let sign: u32 = 0;
  if (doubledHigh > PI_HIGH || (doubledHigh === PI_HIGH && doubledLow > PI_LOW)) {
    high = PI_HIGH - high - u64(PI_LOW < low);
    low = PI_LOW - low;
    quotient++;
    sign = 1;
  }
  angle.setNormalised(sign, 62, high, low);
  return quotient & 3;
}

/** How many terms of the series reach 128 bits. */
function termsFor(exponent: i32): i32 {
  return exponent > -4 ? MOST_TERMS : 63 / -exponent + 2;
}

/** r = sin(angle) = x · (1 − x²/(2·3) · (1 − x²/(4·5) · …)). */
function sineOfAngle(r: Unpacked): void {
  const exponent = angle.exponent;
  r.copyFrom(angle);
  if (exponent < -62) {
    // It differs from the angle by less than what 128 bits hold.
    stepDown(r);
    return;
  }
  powerSeries(1);
  multiplyNumbers(r, r, series);
  r.low |= 1;
}

/** r = cos(angle) = 1 − x²/(1·2) · (1 − x²/(3·4) · …). */
function cosineOfAngle(r: Unpacked): void {
  if (angle.exponent < -62) {
    setOne(r);
    stepDown(r);
    return;
  }
  powerSeries(0);
  r.copyFrom(series);
  r.low |= 1;
}

function powerSeries(first: u32): void {
  multiplyNumbers(square, angle, angle);
  setOne(one);
  series.copyFrom(one);
  for (let term = termsFor(angle.exponent); term > 0; term--) {
    const even = <u32>term * 2 + first;
    multiplyNumbers(series, series, square);
    divideBySmall(series, series, even * (even - 1));
    subtractNumbers(series, one, series);
  }
}
