import { add } from "./add";
import { compare, GREATER, LESS } from "./compare";
import { convert } from "./convert";
import { divide } from "./divide";
import { FloatUnit } from "./float-unit";
import { roundToIntegral, toInteger, unpackInteger } from "./integer";
import { multiply } from "./multiply";
import { packBinary } from "./pack";
import { squareRoot } from "./square-root";
import { unpackBinary } from "./unpack";
import { ZERO } from "./unpacked";

/**
 * The functions of SSE on bits of a binary32 (T is u32) or binary64 (T is u64). They add to
 * `unit.flags`; `unit.hasResult()` and `unit.faults` are asked when all elements are done.
 */

export function addBinary<T>(unit: FloatUnit, a: T, b: T): T {
  unpackTwo<T>(unit, a, b);
  add(unit, 0);
  return packBinary<T>(unit);
}

export function subtractBinary<T>(unit: FloatUnit, a: T, b: T): T {
  unpackTwo<T>(unit, a, b);
  add(unit, 1);
  return packBinary<T>(unit);
}

export function multiplyBinary<T>(unit: FloatUnit, a: T, b: T): T {
  unpackTwo<T>(unit, a, b);
  multiply(unit);
  return packBinary<T>(unit);
}

export function divideBinary<T>(unit: FloatUnit, a: T, b: T): T {
  unpackTwo<T>(unit, a, b);
  divide(unit);
  return packBinary<T>(unit);
}

export function squareRootBinary<T>(unit: FloatUnit, a: T): T {
  unpackBinary<T>(unit, unit.a, a);
  squareRoot(unit);
  return packBinary<T>(unit);
}

/** COMISS and the like (signals), UCOMISS: LESS, EQUAL, GREATER or UNORDERED. */
export function compareBinary<T>(unit: FloatUnit, a: T, b: T, signals: bool): i32 {
  unpackTwo<T>(unit, a, b);
  return compare(unit, signals);
}

/** MINSS and the like: the second operand where they are equal or one is a NaN (SDM vol. 2B, MINSS). */
export function minimumBinary<T>(unit: FloatUnit, a: T, b: T): T {
  const relation = compareBinary<T>(unit, a, b, true);
  return relation === LESS ? flushed<T>(a, unit.a.kind) : flushed<T>(b, unit.b.kind);
}

/** MAXSS and the like. */
export function maximumBinary<T>(unit: FloatUnit, a: T, b: T): T {
  const relation = compareBinary<T>(unit, a, b, true);
  return relation === GREATER ? flushed<T>(a, unit.a.kind) : flushed<T>(b, unit.b.kind);
}

/** The operand as the unit saw it: DAZ makes zeros of denormals. */
function flushed<T>(bits: T, kind: u32): T {
  const signBits = <T>(sizeof<T>() * 8 - 1);
  return kind === ZERO ? <T>((bits >> signBits) << signBits) : bits;
}

export function doubleToSingle(unit: FloatUnit, a: u64): u32 {
  unpackBinary<u64>(unit, unit.a, a);
  unit.noteDenormal(unit.a.kind);
  convert(unit);
  return packBinary<u32>(unit);
}

export function singleToDouble(unit: FloatUnit, a: u32): u64 {
  unpackBinary<u32>(unit, unit.a, a);
  unit.noteDenormal(unit.a.kind);
  convert(unit);
  return packBinary<u64>(unit);
}

/** CVTSI2SD and the like. */
export function fromIntegerBinary<T>(unit: FloatUnit, value: i64): T {
  unpackInteger(unit.r, value);
  return packBinary<T>(unit);
}

/** I is the integer's type; rounding: the unit's, or TOWARDS_ZERO for the CVTT forms. */
export function toIntegerBinary<T, I>(unit: FloatUnit, a: T, rounding: u32): I {
  unpackBinary<T>(unit, unit.a, a);
  return toInteger<I>(unit, rounding);
}

/** ROUNDSS and the like; whether PRECISION counts is the caller's. */
export function roundBinary<T>(unit: FloatUnit, a: T, rounding: u32): T {
  unpackBinary<T>(unit, unit.a, a);
  roundToIntegral(unit, rounding);
  return packBinary<T>(unit);
}

function unpackTwo<T>(unit: FloatUnit, a: T, b: T): void {
  unpackBinary<T>(unit, unit.a, a);
  unpackBinary<T>(unit, unit.b, b);
}
