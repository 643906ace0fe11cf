import { DOWN, FloatUnit } from "./float-unit";
import { INFINITE, Unpacked, ZERO } from "./unpacked";
import { shiftRightJam } from "./wide";

/** r = a + b, or a − b. */
export function add(unit: FloatUnit, subtracts: u32): void {
  const a = unit.a;
  const b = unit.b;
  if ((a.kind | b.kind) !== 0 && addSpecial(unit, subtracts)) return;
  const signB = b.sign ^ subtracts;
  const aIsLarger =
    a.exponent > b.exponent || (a.exponent === b.exponent && a.significand >= b.significand);
  const larger = aIsLarger ? a : b;
  const smaller = aIsLarger ? b : a;
  const sign = aIsLarger ? a.sign : signB;
  const distance = <u32>(larger.exponent - smaller.exponent);
  let high: u64 = 0;
  let low: u64 = 1;
  if (distance < 128) {
    high = distance < 64 ? smaller.significand >> distance : 0;
    low = shiftRightJam(smaller.significand, 0, distance);
  }
  if (a.sign === signB) sum(unit.r, larger, sign, high, low);
  else difference(unit, larger, sign, high, low);
}

function sum(r: Unpacked, larger: Unpacked, sign: u32, high: u64, low: u64): void {
  const significand = larger.significand + high;
  if (significand >= high) {
    r.setFinite(sign, larger.exponent, significand, low);
  } else {
    // A carry out of the integer bit.
    const carried = (significand >> 1) | 0x8000_0000_0000_0000;
    r.setFinite(sign, larger.exponent + 1, carried, (significand << 63) | (low >> 1) | (low & 1));
  }
}

function difference(unit: FloatUnit, larger: Unpacked, sign: u32, high: u64, low: u64): void {
  const r = unit.r;
  const significand = larger.significand - high - u64(low !== 0);
  if (significand >> 63 !== 0) {
    r.setFinite(sign, larger.exponent, significand, -low);
  } else if ((significand | low) === 0) {
    r.setZero(u32(unit.rounding === DOWN));
  } else {
    r.setNormalised(sign, larger.exponent, significand, -low);
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
