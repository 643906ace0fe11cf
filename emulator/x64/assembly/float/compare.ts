import { FloatUnit, INVALID } from "./float-unit";
import { INFINITE, QUIET_NAN, Unpacked, ZERO } from "./unpacked";

/** How a lies to b. */
export const LESS: i32 = -1;
export const EQUAL: i32 = 0;
export const GREATER: i32 = 1;
export const UNORDERED: i32 = 2;

/** Compares a with b. Every NaN is invalid where `signals`, otherwise only a signalling one. */
export function compare(unit: FloatUnit, signals: bool): i32 {
  const a = unit.a;
  const b = unit.b;
  if (a.isNaN || b.isNaN) {
    if (signals || a.kind > QUIET_NAN || b.kind > QUIET_NAN) unit.flags |= INVALID;
    return UNORDERED;
  }
  unit.noteDenormal(a.kind);
  unit.noteDenormal(b.kind);
  if (a.kind === ZERO && b.kind === ZERO) return EQUAL;
  if (a.kind !== ZERO && b.kind !== ZERO && a.sign === b.sign) {
    const magnitudes = compareMagnitudes(a, b);
    return a.sign !== 0 ? -magnitudes : magnitudes;
  }
  if (a.kind === ZERO) return b.sign !== 0 ? GREATER : LESS;
  return a.sign !== 0 ? LESS : GREATER;
}

/** Compares without the signs two operands that are neither zero nor NaN. */
function compareMagnitudes(a: Unpacked, b: Unpacked): i32 {
  if (a.kind === INFINITE || b.kind === INFINITE) {
    return i32(a.kind === INFINITE) - i32(b.kind === INFINITE);
  }
  if (a.exponent !== b.exponent) return a.exponent > b.exponent ? GREATER : LESS;
  if (a.significand === b.significand) return EQUAL;
  return a.significand > b.significand ? GREATER : LESS;
}
