import type { Form } from "./forms.js";

/**
 * Instructions whose results the manuals give with error bounds, so that two processors may differ
 * in them: SDM vol. 1, 8.3.10 (below 1 ulp each for the transcendental ones), and vol. 2, RCPPS and
 * RSQRTPS (relative error at most 1.5 * 2^-12 each).
 */
export const TRANSCENDENTAL: ReadonlySet<string> = new Set([
  "F2xm1",
  "Fcos",
  "Fpatan",
  "Fptan",
  "Fsin",
  "Fsincos",
  "Fyl2x",
  "Fyl2xp1",
]);
const RECIPROCAL: ReadonlySet<string> = new Set(["Rcpps", "Rcpss", "Rsqrtps", "Rsqrtss"]);

/** Each may be off by 1 ulp, in opposite directions; of the significand's 64 bits. */
const MOST_ULPS = 2n;
const MOST_RELATIVE_ERROR = 2 * 1.5 * 2 ** -12;
/**
 * C1 says whether the last bit was rounded up; PE, UE and OE follow from it, and where they are not
 * masked, ES and B.
 */
const ROUNDING_FLAGS = 0x82b8n;

/** Whether two values of a field, not the same, are both right. */
export function isCloseEnough(
  form: Pick<Form, "mnemonic">,
  field: string,
  want: bigint,
  have: bigint,
): boolean {
  if (TRANSCENDENTAL.has(form.mnemonic)) {
    if (field === "fsw") return ((want ^ have) & ~ROUNDING_FLAGS) === 0n;
    return /^st[01]$/.test(field) && areNeighbours(want, have);
  }
  return RECIPROCAL.has(form.mnemonic) && field.startsWith("xmm") && areClose(want, have);
}

/** The values of the 80-bit format, in their order, are the integers of their bits. */
function areNeighbours(a: bigint, b: bigint): boolean {
  if (a >> 79n !== b >> 79n) return false;
  const position = (value: bigint): bigint =>
    (((value >> 64n) & 0x7fffn) << 63n) | (value & ((1n << 63n) - 1n));
  const distance = position(a) - position(b);
  return distance <= MOST_ULPS && distance >= -MOST_ULPS;
}

const floats = new Float32Array(1);
const bits = new Uint32Array(floats.buffer);

const laneBits = (value: bigint, lane: number): number =>
  Number((value >> BigInt(lane * 32)) & 0xffffffffn);

function float(value: bigint, lane: number): number {
  bits[0] = laneBits(value, lane);
  return floats[0] ?? 0;
}

/** Zeros, infinities and NaNs are exact. */
function areClose(a: bigint, b: bigint): boolean {
  return [0, 1, 2, 3].every((lane) => {
    if (laneBits(a, lane) === laneBits(b, lane)) return true;
    const [x, y] = [float(a, lane), float(b, lane)];
    return x * y !== 0 && Math.abs(x - y) <= MOST_RELATIVE_ERROR * Math.abs(y);
  });
}
