/** x87, an instruction a function: what it returns has C0 to C3 at their places in the status word. */
import { add } from "../add";
import { compare, EQUAL, LESS, UNORDERED } from "../compare";
import { convert, storeBinary } from "../convert";
import { packDecimal, unpackDecimal } from "../decimal";
import { divide } from "../divide";
import { TOWARDS_ZERO, x87Unit } from "../float-unit";
import { roundToIntegral, toInteger, unpackInteger } from "../integer";
import { multiply } from "../multiply";
import { packExtended } from "../pack";
import { NO_QUOTIENT, REDUCTION_INCOMPLETE, remainder } from "../remainder";
import { extract, scale } from "../scale";
import { squareRoot } from "../square-root";
import { arctangent } from "../transcendental/arctangent";
import { exponential } from "../transcendental/exponential";
import { logarithm, logarithmOfNext } from "../transcendental/logarithm";
import { cosineOf, OUT_OF_RANGE, sine, tangent } from "../transcendental/sine";
import { unpackBinary, unpackExtended } from "../unpack";
import { zeroParityCarry } from "./flags";

const C1: u32 = 0x0200;
const C2: u32 = 0x0400;

const unit = x87Unit;

function x87(control: u32, a: usize, b: usize): void {
  unit.beginX87(control);
  unpackExtended(unit.a, a);
  unpackExtended(unit.b, b);
}

function finish(bits: u32, a: usize, result: usize): u32 {
  if (unit.hasResult()) packExtended(unit, bits, result);
  else memory.copy(result, a, 10);
  return unit.flags | (unit.roundedUp ? C1 : 0);
}

export function fadd(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  add(unit, 0);
  return finish(unit.precision, a, result);
}
export function fsub(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  add(unit, 1);
  return finish(unit.precision, a, result);
}
export function fadds(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  unpackBinary<u32>(unit, unit.b, load<u32>(b));
  add(unit, 0);
  return finish(unit.precision, a, result);
}
export function fsubrl(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, a);
  unpackBinary<u64>(unit, unit.a, load<u64>(b));
  add(unit, 1);
  return finish(unit.precision, a, result);
}
export function fmul(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  multiply(unit);
  return finish(unit.precision, a, result);
}
export function fdiv(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  divide(unit);
  return finish(unit.precision, a, result);
}
export function fsqrt(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  squareRoot(unit);
  return finish(unit.precision, a, result);
}
export function frndint(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  unit.noteDenormal(unit.a.kind);
  roundToIntegral(unit, unit.rounding);
  const up = unit.roundedUp;
  return finish(64, a, result) | (up && unit.hasResult() ? C1 : 0);
}
export function fscale(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  scale(unit);
  return finish(64, a, result);
}
export function fprem(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  return quotientBits(remainder(unit, false)) | finish(64, a, result);
}
export function fprem1(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  return quotientBits(remainder(unit, true)) | finish(64, a, result);
}
function quotientBits(quotient: i32): u32 {
  if (!unit.hasResult() || quotient === NO_QUOTIENT) return 0;
  if (quotient === REDUCTION_INCOMPLETE) return C2;
  return (quotient & 4 ? 0x100 : 0) | (quotient & 2 ? 0x4000 : 0) | (quotient & 1 ? C1 : 0);
}

export function fxtract(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  extract(unit);
  unit.r.copyFrom(unit.a);
  return finish(64, a, result);
}
export function fxtract_exponent(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  extract(unit);
  return finish(64, b, result);
}

function conditionCodes(relation: i32): u32 {
  if (relation === UNORDERED) return 0x4500;
  return relation === LESS ? 0x0100 : relation === EQUAL ? 0x4000 : 0;
}
export function fcom(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  memory.copy(result, a, 10);
  const codes = conditionCodes(compare(unit, true));
  return unit.flags | codes;
}
export function fucom(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  memory.copy(result, a, 10);
  const codes = conditionCodes(compare(unit, false));
  return unit.flags | codes;
}
export function fcomi(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  store<u64>(result, zeroParityCarry(compare(unit, true)));
  store<u16>(result, 0, 8);
  return unit.flags;
}
export function fucomi(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  store<u64>(result, zeroParityCarry(compare(unit, false)));
  store<u16>(result, 0, 8);
  return unit.flags;
}

function stored(): u32 {
  return unit.flags | (unit.roundedUp ? C1 : 0);
}
export function fsts(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  storeBinary<u32>(unit, result);
  return stored();
}
export function fstl(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  storeBinary<u64>(unit, result);
  return stored();
}
function storeInteger<T>(control: u32, a: usize, result: usize, truncates: bool): u32 {
  x87(control, a, a);
  const value = toInteger<T>(unit, truncates ? TOWARDS_ZERO : unit.rounding);
  if (unit.hasResult()) store<T>(result, value);
  return stored();
}
export function fists(control: u32, a: usize, b: usize, result: usize): u32 {
  return storeInteger<i16>(control, a, result, false);
}
export function fistl(control: u32, a: usize, b: usize, result: usize): u32 {
  return storeInteger<i32>(control, a, result, false);
}
export function fistpq(control: u32, a: usize, b: usize, result: usize): u32 {
  return storeInteger<i64>(control, a, result, false);
}
export function fisttps(control: u32, a: usize, b: usize, result: usize): u32 {
  return storeInteger<i16>(control, a, result, true);
}
export function fisttpl(control: u32, a: usize, b: usize, result: usize): u32 {
  return storeInteger<i32>(control, a, result, true);
}
export function fisttpq(control: u32, a: usize, b: usize, result: usize): u32 {
  return storeInteger<i64>(control, a, result, true);
}
export function fbstp(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  packDecimal(unit, result);
  return stored();
}

function loaded(empty: usize, result: usize): u32 {
  memory.fill(empty, 0, 10);
  convert(unit);
  const status = finish(64, empty, result);
  unit.noteDenormal(unit.a.kind);
  return status | unit.flags;
}
export function flds(control: u32, a: usize, empty: usize, result: usize): u32 {
  x87(control, a, a);
  unpackBinary<u32>(unit, unit.a, load<u32>(a));
  return loaded(empty, result);
}
export function fldl(control: u32, a: usize, empty: usize, result: usize): u32 {
  x87(control, a, a);
  unpackBinary<u64>(unit, unit.a, load<u64>(a));
  return loaded(empty, result);
}
export function filds(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  unpackInteger(unit.r, <i64>load<i16>(a));
  return finish(64, a, result);
}
export function fildl(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  unpackInteger(unit.r, <i64>load<i32>(a));
  return finish(64, a, result);
}
export function fildq(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  unpackInteger(unit.r, load<i64>(a));
  return finish(64, a, result);
}
export function fbld(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  unpackDecimal(unit.r, a);
  return finish(64, a, result);
}

export function fsin(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  return sine(unit) === OUT_OF_RANGE ? outOfRange(a, result) : finish(64, a, result);
}
export function fcos(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  return cosineOf(unit) === OUT_OF_RANGE ? outOfRange(a, result) : finish(64, a, result);
}
export function fptan(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  return tangent(unit) === OUT_OF_RANGE ? outOfRange(a, result) : finish(64, a, result);
}
function outOfRange(a: usize, result: usize): u32 {
  memory.copy(result, a, 10);
  return unit.flags | C2;
}
export function fpatan(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  arctangent(unit);
  return finish(64, a, result);
}
export function fyl2x(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  logarithm(unit);
  return finish(64, a, result);
}
export function fyl2xp1(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  logarithmOfNext(unit);
  return finish(64, a, result);
}
export function f2xm1(control: u32, a: usize, b: usize, result: usize): u32 {
  x87(control, a, b);
  exponential(unit);
  return finish(64, a, result);
}
