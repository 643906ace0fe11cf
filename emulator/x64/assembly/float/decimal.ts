import { FloatUnit, INVALID } from "./float-unit";
import { roundMagnitude } from "./integer";
import { INFINITE, Unpacked, ZERO } from "./unpacked";

/** The largest number of 18 digits. */
const LARGEST: u64 = 999_999_999_999_999_999;
const DIGIT_BYTES: usize = 9;

/** A packed decimal: 18 digits, two in a byte, and the sign in the top bit of the tenth byte. */
export function unpackDecimal(to: Unpacked, pointer: usize): void {
  let value: u64 = 0;
  for (let at = DIGIT_BYTES; at-- > 0; ) {
    const digits = <u64>load<u8>(pointer + at);
    // Digits above 9 are undefined (SDM vol. 2A, FBLD); these count as what they are.
    value = value * 100 + (digits >> 4) * 10 + (digits & 15);
  }
  to.setNormalised(load<u8>(pointer, DIGIT_BYTES) >> 7, 63, value, 0);
}

/** Stores a as a packed decimal, unless that is an unmasked exception; returns whether it has. */
export function packDecimal(unit: FloatUnit, pointer: usize): bool {
  const a = unit.a;
  const before = unit.flags;
  unit.roundedUp = 0;
  const fits = a.kind < INFINITE && (a.kind === ZERO || a.exponent < 63);
  let magnitude = fits && a.kind !== ZERO ? roundMagnitude(unit, unit.rounding) : 0;
  if (!fits || magnitude > LARGEST) {
    unit.flags = before | INVALID;
    unit.roundedUp = 0;
    if (!unit.hasResult()) return false;
    // The packed decimal indefinite (SDM vol. 1, table 4-4).
    store<u64>(pointer, 0xc000_0000_0000_0000);
    store<u16>(pointer, 0xffff, 8);
    return true;
  }
  for (let at: usize = 0; at < DIGIT_BYTES; at++) {
    const digits = <u32>(magnitude % 100);
    magnitude /= 100;
    store<u8>(pointer + at, ((digits / 10) << 4) | (digits % 10));
  }
  store<u8>(pointer, a.sign << 7, DIGIT_BYTES);
  return true;
}
