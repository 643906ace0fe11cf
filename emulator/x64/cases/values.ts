import type { Element } from "./forms.js";
import type { Random } from "./random.js";

const ALL_64 = (1n << 64n) - 1n;

/** Where carries, signs and widths change. */
const INTEGER_EDGES: readonly bigint[] = [
  0n,
  1n,
  2n,
  ALL_64,
  ALL_64 - 1n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0x8000n,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  0x100000000n,
  (1n << 63n) - 1n,
  1n << 63n,
  0x5555555555555555n,
  0xaaaaaaaaaaaaaaaan,
  0x0101010101010101n,
  0x8080808080808080n,
  0x7f7f7f7f7f7f7f7fn,
  0x8000800080008000n,
  0x7fff7fff7fff7fffn,
  0x8000000080000000n,
  0x7fffffff7fffffffn,
  0xff00ff00ff00ff00n,
];

/** An edge, a small number, a single bit, or anything. */
export function integer(random: Random): bigint {
  const kind = random.below(16);
  if (kind < 4) return random.pick(INTEGER_EDGES);
  if (kind < 6) return BigInt(random.below(256));
  if (kind === 6) return BigInt.asUintN(64, -BigInt(random.below(256)));
  if (kind === 7) return 1n << BigInt(random.below(64));
  if (kind === 8) return BigInt(random.u32());
  if (kind === 9) return BigInt.asUintN(64, BigInt(random.u32() | 0));
  return random.u64();
}

interface FloatFormat {
  readonly exponentBits: bigint;
  readonly fractionBits: bigint;
}

const F32: FloatFormat = { exponentBits: 8n, fractionBits: 23n };
const F64: FloatFormat = { exponentBits: 11n, fractionBits: 52n };
/** The significand without its integer bit. */
const F80: FloatFormat = { exponentBits: 15n, fractionBits: 63n };

/** Sign and exponent, and the fraction. */
interface Parts {
  readonly sign: bigint;
  readonly exponent: bigint;
  readonly fraction: bigint;
}

/** Values of every class; mostly such that two of them have a result that is not all rounding. */
function floatParts(random: Random, { exponentBits, fractionBits }: FloatFormat): Parts {
  const highest = (1n << exponentBits) - 1n;
  const bias = highest >> 1n;
  const ones = (1n << fractionBits) - 1n;
  const quiet = 1n << (fractionBits - 1n);
  const sign = BigInt(random.below(2));
  const anything = random.u64() & ones;
  const fraction = pickFraction(random, anything, fractionBits);
  switch (random.below(20)) {
    case 0:
      return { sign, exponent: 0n, fraction: 0n };
    case 1:
      return { sign, exponent: 0n, fraction };
    case 2:
      return { sign, exponent: highest, fraction: 0n };
    case 3:
      return { sign, exponent: highest, fraction: quiet | (random.percent(50) ? 0n : anything) };
    case 4:
      return { sign, exponent: highest, fraction: (anything & ~quiet) | 1n };
    case 5:
      return { sign, exponent: random.pick([1n, 2n, highest - 1n, highest - 2n]), fraction };
    case 6:
      return { sign, exponent: random.u64() % highest, fraction };
    case 7:
    case 8:
      // Where conversions to integers overflow, and where halves are.
      return {
        sign,
        exponent: bias + random.pick([-2n, -1n, 0n, 1n, 15n, 30n, 31n, 62n, 63n]),
        fraction,
      };
    case 9:
      return { sign, exponent: bias + fractionBits + BigInt(random.between(-2, 2)), fraction };
    default:
      return { sign, exponent: bias + BigInt(random.between(-24, 40)), fraction };
  }
}

function pickFraction(random: Random, anything: bigint, bits: bigint): bigint {
  const ones = (1n << bits) - 1n;
  switch (random.below(8)) {
    case 0:
      return 0n;
    case 1:
      return ones;
    case 2:
      return 1n << BigInt(random.below(Number(bits)));
    case 3:
      return ones ^ (ones >> BigInt(random.below(Number(bits))));
    case 4:
      return BigInt(random.below(16));
    default:
      return anything;
  }
}

export function float32(random: Random): number {
  const { sign, exponent, fraction } = floatParts(random, F32);
  return Number((sign << 31n) | (exponent << 23n) | fraction);
}

export function float64(random: Random): bigint {
  const { sign, exponent, fraction } = floatParts(random, F64);
  return (sign << 63n) | (exponent << 52n) | fraction;
}

/** The 80-bit format: sign and exponent (16 bits), and the significand with its integer bit. */
export function float80(random: Random): { head: number; significand: bigint } {
  const { sign, exponent, fraction } = floatParts(random, F80);
  const head = Number((sign << 15n) | exponent);
  // Pseudo-denormals, and what the 387 calls unsupported: unnormals, pseudo-infinities.
  const odd = random.percent(4);
  const integerBit = (exponent !== 0n) !== odd ? 1n << 63n : 0n;
  return { head, significand: integerBit | fraction };
}

/** Fills `bytes` with values of a kind, one after the other. */
export function fillValues(bytes: Uint8Array, element: Element, random: Random): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const left = (): number => bytes.length - at;
  for (; element === "f32" && left() >= 4; at += 4) view.setUint32(at, float32(random), true);
  for (; element === "f64" && left() >= 8; at += 8) view.setBigUint64(at, float64(random), true);
  for (; element === "f80" && left() >= 10; at += 10) writeFloat80(view, at, random);
  for (; element === "bcd" && left() >= 10; at += 10) fillDecimal(bytes, at, random);
  for (; left() >= 8; at += 8) view.setBigUint64(at, integer(random), true);
  for (; left() > 0; at++) bytes[at] = Number(integer(random) & 0xffn);
}

export function writeFloat80(view: DataView, at: number, random: Random): void {
  const { head, significand } = float80(random);
  view.setBigUint64(at, significand, true);
  view.setUint16(at + 8, head, true);
}

/** SDM vol. 1, 4.7: 18 digits and a sign. What is no digit is undefined, so there is none. */
function fillDecimal(bytes: Uint8Array, at: number, random: Random): void {
  const digits = random.between(0, 18);
  for (let byte = 0; byte < 9; byte++) {
    const digit = (index: number): number => (index < digits ? random.below(10) : 0);
    bytes[at + byte] = digit(2 * byte) | (digit(2 * byte + 1) << 4);
  }
  bytes[at + 9] = random.percent(50) ? 0x80 : 0;
}
