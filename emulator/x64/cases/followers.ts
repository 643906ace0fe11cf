import type { Draft } from "./draft.js";
import { TRANSCENDENTAL } from "./tolerance.js";

/** Reads all that an instruction may leave for later: lazy flags, pending exceptions. */
const FLAG_READERS: readonly ((draft: Draft) => readonly number[])[] = [
  // SETcc to one of RAX, RCX, RDX, RBX; CMOVcc between any of the low eight.
  ({ random }) => [0x0f, 0x90 | random.below(16), 0xc0 | random.below(4)],
  ({ random }) => [0x48, 0x0f, 0x40 | random.below(16), 0xc0 | random.below(64)],
  // ADC and SBB of two registers, in 32 and 64 bits; RCL and RCR by 1.
  ({ random }) => [random.pick([0x11, 0x19]), 0xc0 | random.below(64)],
  ({ random }) => [0x48, random.pick([0x11, 0x19]), 0xc0 | random.below(64)],
  ({ random }) => [0x48, 0xd1, random.pick([0xd0, 0xd8]) | random.below(8)],
  // LAHF; PUSHFQ; INC and DEC, which keep CF; CMC.
  () => [0x9f],
  () => [0x9c],
  ({ random }) => [0xff, random.pick([0xc0, 0xc8]) | random.below(8)],
  () => [0xf5],
  // Jcc over a NOP.
  ({ random }) => [0x70 | random.below(16), 0x01, 0x90],
];

const X87_FOLLOWERS: readonly ((draft: Draft) => readonly number[])[] = [
  // FWAIT, FNOP, FNSTSW AX.
  () => [0x9b],
  () => [0xd9, 0xd0],
  () => [0xdf, 0xe0],
  // FLD ST(i), FADD ST(i), FSTP ST(i), FXCH ST(i), FLD1, FCHS.
  ({ random }) => [0xd9, 0xc0 | random.below(8)],
  ({ random }) => [0xd8, 0xc0 | random.below(8)],
  ({ random }) => [0xdd, 0xd8 | random.below(8)],
  ({ random }) => [0xd9, 0xc8 | random.below(8)],
  () => [0xd9, 0xe8],
  () => [0xd9, 0xe0],
];

/** Up to two instructions after the one in question, that see what it left. */
export function pickFollowers(draft: Draft, x87: boolean): number[] {
  const { random, form, mask } = draft;
  // What may differ a little would differ much in what is made of it.
  if (TRANSCENDENTAL.has(form.mnemonic)) return [];
  if (x87) return random.percent(35) ? [...random.pick(X87_FOLLOWERS)(draft)] : [];
  const unclear = mask.flags !== 0 || mask.registers.size > 0;
  if (unclear || form.feature.startsWith("SSE") || !random.percent(25)) return [];
  const first = random.pick(FLAG_READERS)(draft);
  return random.percent(70) ? [...first] : [...first, ...random.pick(FLAG_READERS)(draft)];
}
