import {
  DOWN,
  FloatUnit,
  NEAREST,
  OVERFLOW,
  PRECISION,
  TOWARDS_ZERO,
  UNDERFLOW,
} from "./float-unit";
import { roundSignificand } from "./round";
import { EXTENDED_BIAS, EXTENDED_MAX_FIELD } from "./unpack";
import { INTEGER_BIT, Unpacked, ZERO } from "./unpacked";
import { shiftRightJam } from "./wide";

/**
 * What an unmasked overflow subtracts from the exponent of a result that goes to a register,
 * and an unmasked underflow adds to it (SDM vol. 1, 8.5.4, 8.5.5).
 */
const WRAP: i32 = 24576;

/** Rounds `r` to `bits` and stores it as an 80-bit number: 10 bytes at `pointer`. */
export function packExtended(unit: FloatUnit, bits: u32, pointer: usize): void {
  const r = unit.r;
  if (!r.isNumber) {
    store<u64>(pointer, r.significand);
    store<u16>(pointer, (r.sign << 15) | (r.kind === ZERO ? 0 : EXTENDED_MAX_FIELD), 8);
    return;
  }
  if (r.exponent <= -EXTENDED_BIAS) {
    if (tinyAfterRounding(unit, r, bits, 1 - EXTENDED_BIAS)) {
      if (unit.masks & UNDERFLOW) {
        storeDenormal(unit, r, bits, pointer);
        return;
      }
      unit.flags |= UNDERFLOW;
      r.exponent += WRAP;
      if (r.exponent <= -EXTENDED_BIAS) {
        // So far only FSCALE goes.
        storeExtended(r.sign, 0, 0, pointer);
        unit.flags |= PRECISION;
        return;
      }
    } else if (r.exponent < 1 - EXTENDED_BIAS) {
      storeDenormal(unit, r, bits, pointer);
      return;
    }
  }
  roundSignificand(unit, r, bits);
  if (r.exponent > EXTENDED_BIAS) {
    unit.flags |= OVERFLOW;
    if (unit.masks & OVERFLOW) {
      unit.flags |= PRECISION;
      unit.roundedUp = u32(overflowsToInfinity(unit.rounding, r.sign));
      if (unit.roundedUp) storeExtended(r.sign, EXTENDED_MAX_FIELD, INTEGER_BIT, pointer);
      else storeExtended(r.sign, EXTENDED_MAX_FIELD - 1, (<u64>-1) << (64 - bits), pointer);
      return;
    }
    r.exponent -= WRAP;
    if (r.exponent > EXTENDED_BIAS) {
      // Only FSCALE goes that far.
      storeExtended(r.sign, EXTENDED_MAX_FIELD, INTEGER_BIT, pointer);
      unit.flags |= PRECISION;
      unit.roundedUp = 1;
      return;
    }
  }
  storeExtended(r.sign, <u32>(r.exponent + EXTENDED_BIAS), r.significand, pointer);
}

function storeExtended(sign: u32, field: u32, significand: u64, pointer: usize): void {
  store<u64>(pointer, significand);
  store<u16>(pointer, (sign << 15) | field, 8);
}

/** The masked response to underflow: a denormal, which rounding may make a normal number. */
function storeDenormal(unit: FloatUnit, r: Unpacked, bits: u32, pointer: usize): void {
  const tiny = tinyAfterRounding(unit, r, bits, 1 - EXTENDED_BIAS);
  shiftToExponent(r, 1 - EXTENDED_BIAS);
  const before = unit.flags & PRECISION;
  unit.flags &= ~PRECISION;
  roundSignificand(unit, r, bits);
  if (tiny && unit.flags & PRECISION) unit.flags |= UNDERFLOW;
  unit.flags |= before;
  storeExtended(r.sign, u32(r.significand >> 63), r.significand, pointer);
}

/**
 * Rounds `r` to binary32 (T is u32) or binary64 (u64). Where an unmasked underflow or
 * overflow forbids a result, the flags say so and what is returned means nothing.
 */
export function packBinary<T>(unit: FloatUnit): T {
  const bits: u32 = sizeof<T>() === 4 ? 24 : 53;
  const exponentBits: u32 = sizeof<T>() === 4 ? 8 : 11;
  const maxField: u32 = (1 << exponentBits) - 1;
  const bias: i32 = <i32>(maxField >> 1);
  const r = unit.r;
  if (!r.isNumber) {
    return binary<T>(r.sign, r.kind === ZERO ? 0 : maxField, r.significand);
  }
  if (r.exponent <= -bias && tinyAfterRounding(unit, r, bits, 1 - bias)) {
    if (!(unit.masks & UNDERFLOW)) {
      unit.flags |= UNDERFLOW;
    } else if (unit.flushToZero) {
      unit.flags |= UNDERFLOW | PRECISION;
      return binary<T>(r.sign, 0, 0);
    } else {
      shiftToExponent(r, 1 - bias);
      roundSignificand(unit, r, bits);
      if (unit.flags & PRECISION) unit.flags |= UNDERFLOW;
      return binary<T>(r.sign, u32(r.significand >> 63), r.significand);
    }
  }
  if (r.exponent < 1 - bias && unit.masks & UNDERFLOW) {
    // Not tiny: rounding brings it to the smallest normal number.
    shiftToExponent(r, 1 - bias);
    roundSignificand(unit, r, bits);
    return binary<T>(r.sign, u32(r.significand >> 63), r.significand);
  }
  roundSignificand(unit, r, bits);
  if (r.exponent > bias) {
    unit.flags |= OVERFLOW;
    if (unit.masks & OVERFLOW) {
      unit.flags |= PRECISION;
      unit.roundedUp = u32(overflowsToInfinity(unit.rounding, r.sign));
      return unit.roundedUp ? binary<T>(r.sign, maxField, 0) : binary<T>(r.sign, maxField - 1, -1);
    }
  }
  return binary<T>(r.sign, <u32>(r.exponent + bias), r.significand);
}

/** Puts sign, exponent field and the fraction of a 64-bit significand together. */
function binary<T>(sign: u32, field: u32, significand: u64): T {
  const fractionBits: u32 = sizeof<T>() === 4 ? 23 : 52;
  const fraction = <T>((significand << 1) >> (64 - fractionBits));
  const signBits: u32 = sizeof<T>() * 8 - 1;
  return <T>(((<T>sign) << signBits) | ((<T>field) << fractionBits) | fraction);
}

/**
 * Whether `r` is tiny as both processors and IEEE 754-2019, 7.5 (b), may see it: after rounding
 * to `bits` with an exponent that has no limit, it lies below the smallest normal number.
 */
function tinyAfterRounding(unit: FloatUnit, r: Unpacked, bits: u32, smallest: i32): bool {
  if (r.exponent >= smallest) return false;
  if (r.exponent < smallest - 1) return true;
  const flags = unit.flags;
  const significand = r.significand;
  const low = r.low;
  roundSignificand(unit, r, bits);
  const tiny = r.exponent < smallest;
  unit.flags = flags;
  r.exponent = smallest - 1;
  r.significand = significand;
  r.low = low;
  return tiny;
}

/** Gives `r` the larger exponent, its significand no longer normalised. */
function shiftToExponent(r: Unpacked, exponent: i32): void {
  const count = <u32>(exponent - r.exponent);
  r.exponent = exponent;
  if (count > 127) {
    r.significand = 0;
    r.low = 1;
    return;
  }
  r.low = shiftRightJam(r.significand, r.low, count);
  r.significand = count > 63 ? 0 : r.significand >> count;
}

/** Whether an overflow gives infinity; otherwise the largest finite number (SDM vol. 1, table 4-10). */
function overflowsToInfinity(rounding: u32, sign: u32): bool {
  if (rounding === NEAREST) return true;
  return rounding !== TOWARDS_ZERO && (rounding === DOWN) === (sign !== 0);
}
