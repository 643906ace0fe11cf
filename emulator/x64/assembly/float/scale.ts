import { FloatUnit, ZERO_DIVIDE } from "./float-unit";
import { unpackInteger } from "./integer";
import { INFINITE, Unpacked, ZERO } from "./unpacked";

/** More than there are exponents: a step further changes no result. */
const FAR: i32 = 0x1_0000;

/** r = a · 2^b, with b rounded towards zero (SDM vol. 2A, FSCALE, table 3-31). */
export function scale(unit: FloatUnit): void {
  if (unit.nanOfTwo()) return;
  const a = unit.a;
  const b = unit.b;
  const r = unit.r;
  if (b.kind === INFINITE && a.kind === (b.sign !== 0 ? INFINITE : ZERO)) {
    unit.invalid();
    return;
  }
  unit.noteDenormal(a.kind);
  unit.noteDenormal(b.kind);
  if (a.kind === ZERO || a.kind === INFINITE) {
    r.copyFrom(a);
  } else if (b.kind === INFINITE) {
    if (b.sign !== 0) r.setZero(a.sign);
    else r.setInfinite(a.sign);
  } else {
    r.setFinite(a.sign, a.exponent + truncated(b), a.significand, 0);
  }
}

/** A number or zero, rounded towards zero, and to ±FAR at most. */
function truncated(b: Unpacked): i32 {
  if (b.kind === ZERO || b.exponent < 0) return 0;
  const magnitude = b.exponent > 15 ? FAR : <i32>(b.significand >> (63 - b.exponent));
  return b.sign !== 0 ? -magnitude : magnitude;
}

/** r = the exponent of a as a number; a keeps the significand in [1, 2), or what is in its place. */
export function extract(unit: FloatUnit): void {
  const a = unit.a;
  const r = unit.r;
  if (unit.nanOfOne()) {
    a.copyFrom(r);
    return;
  }
  unit.noteDenormal(a.kind);
  if (a.kind === ZERO) {
    unit.flags |= ZERO_DIVIDE;
    r.setInfinite(1);
  } else if (a.kind === INFINITE) {
    r.setInfinite(0);
  } else {
    unpackInteger(r, <i64>a.exponent);
    a.setFinite(a.sign, 0, a.significand, 0);
  }
}
