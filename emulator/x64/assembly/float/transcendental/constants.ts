/**
 * Constants to 128 bits, rounded to nearest: high:low / 2^127, times their power of two. They
 * can be had again by any arithmetic of that many digits: n = round(value / 2^exponent · 2^127).
 */
import { INTEGER_BIT, Unpacked } from "../unpacked";

export function setPi(r: Unpacked, exponent: i32): void {
  r.setFinite(0, exponent, 0xc90f_daa2_2168_c234, 0xc4c6_628b_80dc_1cd1);
}

/** The exponent of π, π/2 and π/4 for {@link setPi}. */
export const PI: i32 = 1;
export const HALF_PI: i32 = 0;
export const QUARTER_PI: i32 = -1;

/** ln 2. */
export function setLn2(r: Unpacked): void {
  r.setFinite(0, -1, 0xb172_17f7_d1cf_79ab, 0xc9e3_b398_03f2_f6af);
}

/** log₂ e. */
export function setLog2E(r: Unpacked): void {
  r.setFinite(0, 0, 0xb8aa_3b29_5c17_f0bb, 0xbe87_fed0_691d_3e89);
}

export function setOne(r: Unpacked): void {
  r.setFinite(0, 0, INTEGER_BIT, 0);
}

/** arctan(k / 8) for k = 1 to 8: exponent, high, low. */
// biome-ignore format: a number is a line
const ARCTANGENTS = memory.data<u64>([
  -4, 0xfead_d4d5_617b_6e32, 0xc897_989f_3e88_8ef8,
  -3, 0xfadb_afc9_6406_eb15, 0x6dc7_9ef5_f7a2_17e6,
  -2, 0xb7b0_ca0f_26f7_8473, 0x8aa3_2122_dcfe_4483,
  -2, 0xed63_382b_0dda_7b45, 0x6fe4_45ec_bc3a_8d03,
  -1, 0x8f00_5d5e_f7f5_9f9b, 0x5c83_5e16_65c4_3748,
  -1, 0xa4bc_7d19_34f7_0924, 0x19a8_7f2a_457d_ac9f,
  -1, 0xb805_3e2b_c231_9e73, 0xcb2d_a552_10a4_443d,
  -1, 0xc90f_daa2_2168_c234, 0xc4c6_628b_80dc_1cd1,
]);

export function setArctangentOfEighths(r: Unpacked, eighths: i32): void {
  const row = ARCTANGENTS + (<usize>eighths - 1) * 24;
  r.setFinite(0, <i32>load<u64>(row), load<u64>(row, 8), load<u64>(row, 16));
}
