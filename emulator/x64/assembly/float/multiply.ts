import { FloatUnit } from "./float-unit";
import { INFINITE, ZERO } from "./unpacked";
import { multiplyHigh } from "./wide";

/** r = a · b, exactly. */
export function multiply(unit: FloatUnit): void {
  const a = unit.a;
  const b = unit.b;
  if ((a.kind | b.kind) !== 0 && multiplySpecial(unit)) return;
  const sign = a.sign ^ b.sign;
  const exponent = a.exponent + b.exponent;
  const high = multiplyHigh(a.significand, b.significand);
  const low = a.significand * b.significand;
  // The product of two numbers in [1, 2) lies in [1, 4).
  if (high >> 63 !== 0) unit.r.setFinite(sign, exponent + 1, high, low);
  else unit.r.setFinite(sign, exponent, (high << 1) | (low >> 63), low << 1);
}

/** NaNs, infinities and zeros; false where both are numbers with a significand. */
function multiplySpecial(unit: FloatUnit): bool {
  if (unit.nanOfTwo()) return true;
  const a = unit.a;
  const b = unit.b;
  const isInfinite = a.kind === INFINITE || b.kind === INFINITE;
  const isZero = a.kind === ZERO || b.kind === ZERO;
  if (isInfinite && isZero) {
    unit.invalid();
    return true;
  }
  unit.noteDenormal(a.kind);
  unit.noteDenormal(b.kind);
  const sign = a.sign ^ b.sign;
  if (isInfinite) unit.r.setInfinite(sign);
  else if (isZero) unit.r.setZero(sign);
  return isInfinite || isZero;
}
