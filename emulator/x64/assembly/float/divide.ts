import { FloatUnit, ZERO_DIVIDE } from "./float-unit";
import { INFINITE, INTEGER_BIT, Unpacked, ZERO } from "./unpacked";
import { divideWide } from "./wide";

/** r = a / b. */
export function divide(unit: FloatUnit): void {
  const a = unit.a;
  const b = unit.b;
  if ((a.kind | b.kind) !== 0 && divideSpecial(unit)) return;
  quotientOf(unit.r, a.sign ^ b.sign, a, b);
}

/** r = ±|a| / |b|, of finite numbers with 64 bits: rounded, it is as if it were exact. */
export function quotientOf(r: Unpacked, sign: u32, a: Unpacked, b: Unpacked): void {
  const divisor = b.significand;
  let exponent = a.exponent - b.exponent;
  let high = a.significand;
  let low: u64 = 0;
  // The quotient gets its integer bit when the dividend is less than the divisor, by less than 2.
  if (high >= divisor) {
    low = high << 63;
    high >>= 1;
  } else {
    exponent--;
  }
  const quotient = divideWide(high, low, divisor);
  const rest = low - quotient * divisor;
  r.setFinite(sign, exponent, quotient, fractionOf(rest, divisor));
}

/** rest / divisor to one bit, with bit 0 for what is left; rest is less than the divisor. */
function fractionOf(rest: u64, divisor: u64): u64 {
  if (rest === 0) return 0;
  const other = divisor - rest;
  return rest < other ? 1 : rest === other ? INTEGER_BIT : INTEGER_BIT | 1;
}

/** NaNs, infinities and zeros; false where both are numbers with a significand. */
function divideSpecial(unit: FloatUnit): bool {
  if (unit.nanOfTwo()) return true;
  const a = unit.a;
  const b = unit.b;
  if (a.kind === b.kind && (a.kind === ZERO || a.kind === INFINITE)) {
    unit.invalid();
    return true;
  }
  const sign = a.sign ^ b.sign;
  if (b.kind === ZERO && a.kind !== INFINITE) {
    // A denormal dividend is not noted here: a lower priority on AMD's processors.
    unit.flags |= ZERO_DIVIDE;
    unit.r.setInfinite(sign);
    return true;
  }
  unit.noteDenormal(a.kind);
  unit.noteDenormal(b.kind);
  if (a.kind === INFINITE) unit.r.setInfinite(sign);
  else if (a.kind === ZERO || b.kind === INFINITE) unit.r.setZero(sign);
  else return false;
  return true;
}
