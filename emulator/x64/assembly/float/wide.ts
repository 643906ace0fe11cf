const LOW_HALF: u64 = 0xffff_ffff;
const BASE: u64 = 0x1_0000_0000;

/** The upper 64 bits of a product; the lower ones are `a * b`. */
export function multiplyHigh(a: u64, b: u64): u64 {
  const a0 = a & LOW_HALF;
  const a1 = a >> 32;
  const b0 = b & LOW_HALF;
  const b1 = b >> 32;
  const middle = a1 * b0 + ((a0 * b0) >> 32);
  const other = a0 * b1 + (middle & LOW_HALF);
  return a1 * b1 + (middle >> 32) + (other >> 32);
}

/**
 * (high:low) / divisor, rounded down; the remainder is `low - quotient * divisor`. The divisor has
 * its top bit set, and high is less than it. Two digits of 32 bits by long division (Knuth, The
 * Art of Computer Programming vol. 2, 4.3.1, algorithm D).
 */
export function divideWide(high: u64, low: u64, divisor: u64): u64 {
  const middle = (high << 32) | (low >> 32);
  const first = digit(high, low >> 32, divisor);
  return (first << 32) | digit(middle - first * divisor, low & LOW_HALF, divisor);
}

/** One digit of the quotient: (high · 2^32 + next) / divisor, of which it is less than 2^32. */
function digit(high: u64, next: u64, divisor: u64): u64 {
  const upper = divisor >> 32;
  const lower = divisor & LOW_HALF;
  let quotient = high / upper;
  let rest = high - quotient * upper;
  // The estimate from the upper half is at most two too large.
  while (quotient >= BASE || quotient * lower > ((rest << 32) | next)) {
    quotient--;
    rest += upper;
    if (rest >= BASE) break;
  }
  return quotient;
}

/** The lower word of high:low, shifted to the right by 0 to 127, what falls out kept in bit 0. */
export function shiftRightJam(high: u64, low: u64, count: u32): u64 {
  if (count === 0) return low;
  if (count < 64) return (low >> count) | (high << (64 - count)) | u64(low << (64 - count) !== 0);
  const lost = low | (count === 64 ? 0 : high << (128 - count));
  return (high >> (count - 64)) | u64(lost !== 0);
}
