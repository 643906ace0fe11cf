import { FloatUnit } from "./float-unit";
import { INFINITE, INTEGER_BIT, ZERO } from "./unpacked";
import { divideWide, multiplyHigh } from "./wide";

/** r = √a. */
export function squareRoot(unit: FloatUnit): void {
  if (unit.nanOfOne()) return;
  const a = unit.a;
  const r = unit.r;
  if (a.kind === ZERO) {
    r.setZero(a.sign);
    return;
  }
  if (a.sign !== 0) {
    unit.invalid();
    return;
  }
  unit.noteDenormal(a.kind);
  if (a.kind === INFINITE) {
    r.setInfinite(0);
    return;
  }
  // The radicand as 128 bits, high:low · 2^(2k − 126) in [1, 4), so that its root has 64 bits.
  const isOdd = (a.exponent & 1) !== 0;
  const high = isOdd ? a.significand : a.significand >> 1;
  const low = isOdd ? 0 : a.significand << 63;
  const root = integerRoot(high, low);
  // high:low − root², of which only bit 64 may be set above 64 bits.
  const rest = low - root * root;
  const restHigh = high - multiplyHigh(root, root) - u64(root * root > low);
  let fraction: u64 = 0;
  // A half is never met: (root + ½)² is no integer.
  if (restHigh !== 0 || rest > root) fraction = INTEGER_BIT | 1;
  else if (rest !== 0) fraction = 1;
  r.setFinite(0, a.exponent >> 1, root, fraction);
}

/** ⌊√(high:low)⌋, of a number of 127 or 128 bits. */
function integerRoot(high: u64, low: u64): u64 {
  // Newton's step doubles the 52 bits of the estimate, so that the root is wrong by few units at most.
  const estimate = sqrt(<f64>high) * 4294967296.0;
  let root: u64 = estimate >= 18446744073709551615.0 ? u64.MAX_VALUE : <u64>estimate;
  if (root <= high) root = u64.MAX_VALUE;
  if (root > high) root = average(root, divideWide(high, low, root));
  while (squareExceeds(root, high, low)) root--;
  while (root !== u64.MAX_VALUE && !squareExceeds(root + 1, high, low)) root++;
  return root;
}

/** (a + b) / 2 of numbers with their top bit set. */
function average(a: u64, b: u64): u64 {
  return (a >> 1) + (b >> 1) + (a & b & 1);
}

function squareExceeds(root: u64, high: u64, low: u64): bool {
  const square = multiplyHigh(root, root);
  return square > high || (square === high && root * root > low);
}
