import { FloatUnit, OVERFLOW, UNDERFLOW } from "./float-unit";
import { packBinary } from "./pack";

/** r = a, for packing in another format: a signalling NaN is invalid and becomes quiet. */
export function convert(unit: FloatUnit): void {
  if (!unit.nanOfOne()) unit.r.copyFrom(unit.a);
}

/**
 * Stores a as binary32 (T is u32) or binary64 (u64) as FST does, unless an unmasked exception
 * forbids it, and returns whether it has. An unmasked overflow or underflow is then all that is noted, as nothing was rounded.
 */
export function storeBinary<T>(unit: FloatUnit, pointer: usize): bool {
  convert(unit);
  if (!unit.hasResult()) return false;
  const bits = packBinary<T>(unit);
  const stops = unit.flags & ~unit.masks & (OVERFLOW | UNDERFLOW);
  if (stops !== 0) {
    unit.flags = stops;
    unit.roundedUp = 0;
    return false;
  }
  store<T>(pointer, bits);
  return true;
}
