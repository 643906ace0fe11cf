/**
 * Arithmetic to 128 bits of significand, for what cannot be computed exactly: numbers are
 * Unpacked, finite or zero. Each result is wrong by some units of 2^-126 at most, and r may be an operand.
 */
import { Unpacked, ZERO } from "./unpacked";
import { divideWide, multiplyHigh, shiftRightJam } from "./wide";

/** Memory for an intermediate result. */
const quotient = changetype<Unpacked>(memory.data(32, 16));
const rest = changetype<Unpacked>(memory.data(32, 16));
const LOW_HALF: u64 = 0xffff_ffff;

/** r = a · b. */
export function multiplyNumbers(r: Unpacked, a: Unpacked, b: Unpacked): void {
  const sign = a.sign ^ b.sign;
  if (a.kind === ZERO || b.kind === ZERO) {
    r.setZero(sign);
    return;
  }
  const exponent = a.exponent + b.exponent;
  let high = multiplyHigh(a.significand, b.significand);
  let low = a.significand * b.significand;
  const first = multiplyHigh(a.significand, b.low);
  const second = multiplyHigh(a.low, b.significand);
  low += first;
  high += u64(low < first);
  low += second;
  high += u64(low < second);
  if (high >> 63 !== 0) r.setFinite(sign, exponent + 1, high, low);
  else r.setFinite(sign, exponent, (high << 1) | (low >> 63), low << 1);
}

/** r = a + b. */
export function addNumbers(r: Unpacked, a: Unpacked, b: Unpacked): void {
  addSigned(r, a, b, b.sign);
}

/** r = a − b. */
export function subtractNumbers(r: Unpacked, a: Unpacked, b: Unpacked): void {
  addSigned(r, a, b, b.sign ^ 1);
}

function addSigned(r: Unpacked, a: Unpacked, b: Unpacked, signB: u32): void {
  if (b.kind === ZERO) {
    r.copyFrom(a);
    return;
  }
  if (a.kind === ZERO) {
    r.setFinite(signB, b.exponent, b.significand, b.low);
    return;
  }
  const isLarger = isAtLeast(a, b);
  const larger = isLarger ? a : b;
  const smaller = isLarger ? b : a;
  const sign = isLarger ? a.sign : signB;
  const exponent = larger.exponent;
  const count = <u32>(exponent - smaller.exponent);
  let high: u64 = 0;
  let low: u64 = 0;
  if (count < 128) {
    high = count < 64 ? smaller.significand >> count : 0;
    low = shiftRightJam(smaller.significand, smaller.low, count);
  }
  if (a.sign === signB) {
    low += larger.low;
    const carry = u64(low < larger.low);
    high += larger.significand;
    const isOver = high < larger.significand || (carry !== 0 && high === u64.MAX_VALUE);
    high += carry;
    if (isOver) {
      r.setFinite(sign, exponent + 1, (high >> 1) | ((<u64>1) << 63), (low >> 1) | (high << 63));
    } else {
      r.setFinite(sign, exponent, high, low);
    }
  } else {
    const borrow = u64(larger.low < low);
    r.setNormalised(sign, exponent, larger.significand - high - borrow, larger.low - low);
  }
}

/** Whether |a| ≥ |b|. */
export function isAtLeast(a: Unpacked, b: Unpacked): bool {
  if (a.exponent !== b.exponent) return a.exponent > b.exponent;
  if (a.significand !== b.significand) return a.significand > b.significand;
  return a.low >= b.low;
}

/** r = a / b: a quotient of the upper words, and one of what that leaves. */
export function divideNumbers(r: Unpacked, a: Unpacked, b: Unpacked): void {
  if (a.kind === ZERO) {
    r.setZero(a.sign ^ b.sign);
    return;
  }
  divideUpper(quotient, a, b);
  multiplyNumbers(rest, quotient, b);
  subtractNumbers(rest, a, rest);
  if (rest.kind !== ZERO) {
    divideUpper(rest, rest, b);
    addNumbers(quotient, quotient, rest);
  }
  r.copyFrom(quotient);
}

/** r = a / b to some 62 bits, by the upper words. */
function divideUpper(r: Unpacked, a: Unpacked, b: Unpacked): void {
  let exponent = a.exponent - b.exponent;
  let high = a.significand;
  let low: u64 = 0;
  if (high >= b.significand) {
    low = high << 63;
    high >>= 1;
  } else {
    exponent--;
  }
  r.setFinite(a.sign ^ b.sign, exponent, divideWide(high, low, b.significand), 0);
}

/** r = a / divisor, by long division with digits of 32 bits, of which it needs five. */
export function divideBySmall(r: Unpacked, a: Unpacked, divisor: u32): void {
  if (a.kind === ZERO) {
    r.copyFrom(a);
    return;
  }
  const by = <u64>divisor;
  let part = a.significand >> 32;
  let digit = part / by;
  let high = digit << 32;
  part = ((part - digit * by) << 32) | (a.significand & LOW_HALF);
  digit = part / by;
  high |= digit;
  part = ((part - digit * by) << 32) | (a.low >> 32);
  digit = part / by;
  let low = digit << 32;
  part = ((part - digit * by) << 32) | (a.low & LOW_HALF);
  digit = part / by;
  low |= digit;
  const last = ((part - digit * by) << 32) / by;
  // The quotient begins with as many zeros as the divisor has bits, at most 32.
  const shift = clz(high);
  if (shift !== 0) {
    high = (high << shift) | (low >> (64 - shift));
    low = (low << shift) | ((last << 32) >> (64 - shift));
  }
  r.setFinite(a.sign, a.exponent - <i32>shift, high, low);
}

/** r becomes the number next to it with the smaller magnitude. */
export function stepDown(r: Unpacked): void {
  r.setNormalised(r.sign, r.exponent, r.significand - u64(r.low === 0), r.low - 1);
}
