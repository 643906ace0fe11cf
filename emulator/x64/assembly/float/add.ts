import { DOWN, FloatUnit } from "./float-unit";
import { INFINITE, INTEGER_BIT, Unpacked, ZERO } from "./unpacked";
import { shiftRightJam } from "./wide";

/** r = a + b, or a − b. */
export function add(unit: FloatUnit, subtracts: u32): void {
  const a = unit.a;
  const b = unit.b;
  if ((a.kind | b.kind) !== 0 && addSpecial(unit, subtracts)) return;
  const signB = b.sign ^ subtracts;
  let sign = a.sign;
  let exponent = a.exponent;
  let distance = exponent - b.exponent;
  let larger = a.significand;
  let smaller = b.significand;
  if (distance < 0 || (distance === 0 && larger < smaller)) {
    larger = smaller;
    smaller = a.significand;
    sign = signB;
    exponent = b.exponent;
    distance = -distance;
  }
  let high: u64 = 0;
  let low: u64 = 1;
  if (distance < 64) {
    high = smaller >> distance;
    low = (smaller << 1) << (63 - distance);
  } else if (distance < 128) {
    low = shiftRightJam(smaller, 0, <u32>distance);
  }
  if (a.sign === signB) sum(unit.r, sign, exponent, larger, high, low);
  else difference(unit, sign, exponent, larger, high, low);
}

/** r = larger + high:low. */
function sum(r: Unpacked, sign: u32, exponent: i32, larger: u64, high: u64, low: u64): void {
  const significand = larger + high;
  if (significand >= high) {
    r.setFinite(sign, exponent, significand, low);
  } else {
    // A carry out of the integer bit.
    const carried = (significand >> 1) | INTEGER_BIT;
    r.setFinite(sign, exponent + 1, carried, (significand << 63) | (low >> 1) | (low & 1));
  }
}

/** r = larger − high:low. */
function difference(
  unit: FloatUnit,
  sign: u32,
  exponent: i32,
  larger: u64,
  high: u64,
  low: u64,
): void {
  const r = unit.r;
  const significand = larger - high - u64(low !== 0);
  if (significand >> 63 !== 0) {
    r.setFinite(sign, exponent, significand, -low);
  } else if ((significand | low) === 0) {
    r.setZero(u32(unit.rounding === DOWN));
  } else {
    r.setNormalised(sign, exponent, significand, -low);
  }
}

/** NaNs, infinities and zeros; false where both are numbers with a significand. */
function addSpecial(unit: FloatUnit, subtracts: u32): bool {
  if (unit.nanOfTwo()) return true;
  const a = unit.a;
  const b = unit.b;
  const signB = b.sign ^ subtracts;
  if (a.kind === INFINITE && b.kind === INFINITE && a.sign !== signB) {
    unit.invalid();
    return true;
  }
  unit.noteDenormal(a.kind);
  unit.noteDenormal(b.kind);
  const r = unit.r;
  if (a.kind === INFINITE) {
    r.setInfinite(a.sign);
  } else if (b.kind === INFINITE) {
    r.setInfinite(signB);
  } else if (b.kind === ZERO) {
    if (a.kind === ZERO) r.setZero(a.sign === signB ? signB : u32(unit.rounding === DOWN));
    else r.setFinite(a.sign, a.exponent, a.significand, 0);
  } else if (a.kind === ZERO) {
    r.setFinite(signB, b.exponent, b.significand, 0);
  } else {
    return false;
  }
  return true;
}
