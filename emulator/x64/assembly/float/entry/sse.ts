/** SSE, of scalars, an instruction a function. */
import * as Binary from "../binary";
import { sseUnit, TOWARDS_ZERO } from "../float-unit";
import { zeroParityCarry } from "./flags";

const unit = sseUnit;

function sse(mxcsr: u32): void {
  unit.beginSse(mxcsr);
}
/** Stores the element of the result; with an unmasked exception the slot is cleared. */
function result<T>(at: usize, value: T): u32 {
  unit.hasResult();
  if (unit.faults) memory.fill(at, 0, 16);
  else store<T>(at, value);
  return unit.flags;
}

export function addsd(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u64>(at, Binary.addBinary<u64>(unit, load<u64>(a), load<u64>(b)));
}
export function subsd(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u64>(at, Binary.subtractBinary<u64>(unit, load<u64>(a), load<u64>(b)));
}
export function mulsd(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u64>(at, Binary.multiplyBinary<u64>(unit, load<u64>(a), load<u64>(b)));
}
export function divsd(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u64>(at, Binary.divideBinary<u64>(unit, load<u64>(a), load<u64>(b)));
}
export function sqrtsd(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u64>(at, Binary.squareRootBinary<u64>(unit, load<u64>(a)));
}
export function minsd(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u64>(at, Binary.minimumBinary<u64>(unit, load<u64>(a), load<u64>(b)));
}
export function maxsd(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u64>(at, Binary.maximumBinary<u64>(unit, load<u64>(a), load<u64>(b)));
}
export function addss(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u32>(at, Binary.addBinary<u32>(unit, load<u32>(a), load<u32>(b)));
}
export function subss(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u32>(at, Binary.subtractBinary<u32>(unit, load<u32>(a), load<u32>(b)));
}
export function mulss(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u32>(at, Binary.multiplyBinary<u32>(unit, load<u32>(a), load<u32>(b)));
}
export function divss(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u32>(at, Binary.divideBinary<u32>(unit, load<u32>(a), load<u32>(b)));
}
export function sqrtss(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u32>(at, Binary.squareRootBinary<u32>(unit, load<u32>(a)));
}
export function minss(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u32>(at, Binary.minimumBinary<u32>(unit, load<u32>(a), load<u32>(b)));
}
export function maxss(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u32>(at, Binary.maximumBinary<u32>(unit, load<u32>(a), load<u32>(b)));
}
export function cvtsd2ss(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u32>(at, Binary.doubleToSingle(unit, load<u64>(a)));
}
export function cvtss2sd(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u64>(at, Binary.singleToDouble(unit, load<u32>(a)));
}
export function cvtsi2sdl(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u64>(at, Binary.fromIntegerBinary<u64>(unit, <i64>load<i32>(a)));
}
export function cvtsi2sdq(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u64>(at, Binary.fromIntegerBinary<u64>(unit, load<i64>(a)));
}
export function cvtsi2ssl(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u32>(at, Binary.fromIntegerBinary<u32>(unit, <i64>load<i32>(a)));
}
export function cvtsi2ssq(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u32>(at, Binary.fromIntegerBinary<u32>(unit, load<i64>(a)));
}
export function roundsd(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u64>(at, Binary.roundBinary<u64>(unit, load<u64>(a), unit.rounding));
}
export function roundss(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u32>(at, Binary.roundBinary<u32>(unit, load<u32>(a), unit.rounding));
}
export function comisd(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  const relation = Binary.compareBinary<u64>(unit, load<u64>(a), load<u64>(b), true);
  return result<u64>(at, zeroParityCarry(relation));
}
export function ucomisd(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  const relation = Binary.compareBinary<u64>(unit, load<u64>(a), load<u64>(b), false);
  return result<u64>(at, zeroParityCarry(relation));
}
export function comiss(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  const relation = Binary.compareBinary<u32>(unit, load<u32>(a), load<u32>(b), true);
  return result<u64>(at, zeroParityCarry(relation));
}
export function ucomiss(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  const relation = Binary.compareBinary<u32>(unit, load<u32>(a), load<u32>(b), false);
  return result<u64>(at, zeroParityCarry(relation));
}
export function cvtsd2sil(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u64>(
    at,
    <u64>(<u32>Binary.toIntegerBinary<u64, i32>(unit, load<u64>(a), unit.rounding)),
  );
}
export function cvtsd2siq(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<i64>(at, Binary.toIntegerBinary<u64, i64>(unit, load<u64>(a), unit.rounding));
}
export function cvttsd2sil(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u64>(
    at,
    <u64>(<u32>Binary.toIntegerBinary<u64, i32>(unit, load<u64>(a), TOWARDS_ZERO)),
  );
}
export function cvttsd2siq(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<i64>(at, Binary.toIntegerBinary<u64, i64>(unit, load<u64>(a), TOWARDS_ZERO));
}
export function cvtss2sil(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u64>(
    at,
    <u64>(<u32>Binary.toIntegerBinary<u32, i32>(unit, load<u32>(a), unit.rounding)),
  );
}
export function cvtss2siq(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<i64>(at, Binary.toIntegerBinary<u32, i64>(unit, load<u32>(a), unit.rounding));
}
export function cvttss2sil(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<u64>(
    at,
    <u64>(<u32>Binary.toIntegerBinary<u32, i32>(unit, load<u32>(a), TOWARDS_ZERO)),
  );
}
export function cvttss2siq(control: u32, a: usize, b: usize, at: usize): u32 {
  sse(control);
  return result<i64>(at, Binary.toIntegerBinary<u32, i64>(unit, load<u32>(a), TOWARDS_ZERO));
}
