import { REGISTER } from "./case-format.js";
import type { Draft } from "./draft.js";
import { CODE, DATA, FS_BASE, GS_BASE, PAGE_BYTES, READ_ONLY, STACK } from "./layout.js";
import { integer } from "./values.js";

/** ModRM's mod and r/m, SIB, displacement, and the prefixes that go with them. */
export interface AddressBytes {
  readonly mod: number;
  readonly rm: number;
  readonly sib: number | undefined;
  readonly displacement: bigint;
  readonly displacementBytes: 0 | 1 | 4;
  /** The displacement counts from the end of the instruction: 32 bits of the target. */
  readonly ripRelative: bigint | undefined;
  readonly base: number;
  readonly index: number;
  readonly segment: number | undefined;
  readonly address32: boolean;
}

const SEGMENT_FS = 0x64;
const SEGMENT_GS = 0x65;
/** ES, CS, SS and DS: without effect in 64-bit mode. */
const IGNORED_SEGMENTS = [0x26, 0x2e, 0x36, 0x3e] as const;

const fits = (value: bigint, bits: number): boolean => BigInt.asIntN(bits, value) === value;
const signed = (value: bigint): bigint => BigInt.asIntN(64, value);

/** An address for `size` bytes, of all the kinds that there are; `alignment` when it is needed. */
export function pickTarget(draft: Draft, size: number, alignment: number): bigint {
  const { random } = draft;
  const bytes = Math.max(size, 1);
  const align = random.percent(alignment > 1 ? 92 : 50) ? Math.max(alignment, 1) : 1;
  const aligned = (address: number): bigint =>
    BigInt(address - (address % (align > 1 ? align : random.pick([1, 1, Math.min(bytes, 16)]))));
  const before = (boundary: number): bigint =>
    aligned(boundary - (bytes > 1 ? random.between(1, bytes - 1) : 1));
  const kind = random.below(100);
  if (kind < 62) return aligned(DATA + random.below(2 * PAGE_BYTES - bytes - 64));
  if (kind < 72) return before(DATA + PAGE_BYTES);
  if (kind < 76) return aligned(DATA + PAGE_BYTES - 64 + random.below(128 - bytes < 1 ? 1 : 64));
  if (kind < 81) return aligned(READ_ONLY + random.below(PAGE_BYTES - bytes));
  if (kind < 84) return before(READ_ONLY);
  if (kind < 86) return before(READ_ONLY + PAGE_BYTES);
  if (kind < 88) return before(DATA);
  if (kind < 91) return aligned(STACK + random.below(PAGE_BYTES - bytes));
  if (kind < 92) return BigInt(CODE + random.below(PAGE_BYTES - bytes));
  if (kind < 94) return BigInt(random.pick([0, 8, READ_ONLY + 2 * PAGE_BYTES, 0x7ffff000]));
  if (kind < 97) return nonCanonical(draft);
  // The upper half: not mapped, or the kernel's.
  return 0xffff800000000000n + BigInt(random.u32()) * 4096n + BigInt(random.below(4000));
}

/** Away from the edges of the canonical halves, over which an access could reach. */
export function nonCanonical({ random }: Draft): bigint {
  const edge = random.pick([0x0000800000000000n, 0xffff7ffffffff000n, 1n << 63n, 0x7fffn << 48n]);
  return edge + BigInt(random.below(2048) * 16);
}

/** Segment and address size of a memory operand. */
export function pickSegment({ random }: Draft): number | undefined {
  const kind = random.below(100);
  if (kind < 4) return SEGMENT_FS;
  if (kind < 8) return SEGMENT_GS;
  return kind < 12 ? random.pick(IGNORED_SEGMENTS) : undefined;
}

/**
 * AMD's processors look whether the offset is canonical, Intel's whether the linear address is: so
 * it is both or neither.
 */
function pickOffset(draft: Draft, target: bigint): { segment: number | undefined; wanted: bigint } {
  const segment = pickSegment(draft);
  const wanted = BigInt.asUintN(64, target - segmentBase(segment));
  const isSame = isCanonical(wanted) === isCanonical(target);
  return isSame ? { segment, wanted } : { segment: undefined, wanted: target };
}

const isCanonical = (address: bigint): boolean => fits(signed(address), 48);

export function segmentBase(segment: number | undefined): bigint {
  if (segment === SEGMENT_FS) return FS_BASE;
  return segment === SEGMENT_GS ? GS_BASE : 0n;
}

/** Chooses base, index, scale and displacement such that they make `target`, and sets registers. */
export function pickAddressing(draft: Draft, target: bigint, registers: number): AddressBytes {
  const { random } = draft;
  const { segment, wanted } = pickOffset(draft, target);
  const address32 = wanted <= 0xffffffffn && random.percent(9);
  const common = { segment, address32 };
  const shape = random.below(100);
  const short = signed(wanted);
  if (shape < 8 && fits(short - BigInt(CODE), 31)) {
    return { ...common, ...plain(0, 5), displacementBytes: 4, ripRelative: wanted };
  }
  const absolute = address32 ? fits(BigInt.asIntN(32, wanted), 32) : fits(short, 32);
  if (shape < 12 && absolute) {
    // Without a base and an index; the scale does not matter then.
    const sib = (random.below(4) << 6) | 0x25;
    return { ...common, ...plain(0, 4), sib, displacement: short, displacementBytes: 4 };
  }
  const free = (register: number): boolean => !draft.isTaken(register);
  const candidates = Array.from({ length: registers }, (_, index) => index).filter(free);
  if (shape < 17) return { ...common, ...indexOnly(draft, wanted, candidates, address32) };
  return { ...common, ...withBase(draft, wanted, candidates, address32, shape < 50) };
}

type Shape = Omit<AddressBytes, "segment" | "address32">;

const plain = (mod: number, rm: number): Shape => ({
  mod,
  rm,
  sib: undefined,
  displacement: 0n,
  displacementBytes: 0,
  ripRelative: undefined,
  base: -1,
  index: -1,
});

/** With 32-bit addresses the upper halves of registers do not matter. */
function give(draft: Draft, register: number, value: bigint, address32: boolean): void {
  const upper = address32 ? draft.random.u64() & ~0xffffffffn : 0n;
  draft.take(register, upper | BigInt.asUintN(address32 ? 32 : 64, value));
}

function indexOnly(draft: Draft, wanted: bigint, candidates: number[], address32: boolean): Shape {
  const { random } = draft;
  const index = random.pick(candidates.filter((register) => register !== REGISTER.rsp));
  const scale = random.below(4);
  const value = (wanted >> BigInt(scale)) - BigInt(random.below(64));
  give(draft, index, value, address32);
  const displacement = wanted - (value << BigInt(scale));
  const sib = (scale << 6) | ((index & 7) << 3) | 5;
  return { ...plain(0, 4), sib, displacement, displacementBytes: 4, index };
}

function withBase(
  draft: Draft,
  wanted: bigint,
  candidates: number[],
  address32: boolean,
  simple: boolean,
): Shape {
  const { random } = draft;
  const base = random.pick(candidates);
  const displacementBytes = random.pick([0, 1, 1, 4] as const);
  // RBP and R13 without a displacement are RIP-relative and absolute addresses.
  const bytes = displacementBytes === 0 && (base & 7) === 5 ? 1 : displacementBytes;
  const mod = bytes === 0 ? 0 : bytes === 1 ? 1 : 2;
  const displacement = pickDisplacement(draft, bytes);
  const others = candidates.filter((register) => register !== REGISTER.rsp && register !== base);
  const plainBase = simple && (base & 7) !== 4;
  if (plainBase || others.length === 0 || random.percent(25)) {
    give(draft, base, wanted - displacement, address32);
    // An index of 4 is none, whatever the scale.
    const sib = plainBase ? undefined : (random.below(4) << 6) | 0x20 | (base & 7);
    const rm = plainBase ? base & 7 : 4;
    return { ...plain(mod, rm), sib, displacement, displacementBytes: bytes, base };
  }
  const scale = random.below(4);
  const index = random.percent(8) && base !== REGISTER.rsp ? base : random.pick(others);
  const rest = wanted - displacement;
  if (index === base) {
    // base * (1 + scale) = rest; 2 has no inverse, so a scale of 1 is made 2.
    const factor = scale === 0 ? 1 : scale;
    give(draft, base, rest * INVERSES[factor as 1 | 2 | 3], address32);
    const sib = (factor << 6) | ((index & 7) << 3) | (base & 7);
    return { ...plain(mod, 4), sib, displacement, displacementBytes: bytes, base, index };
  }
  const value = random.percent(60) ? BigInt(random.between(-64, 64)) : integer(random);
  give(draft, index, value, address32);
  give(draft, base, rest - (value << BigInt(scale)), address32);
  const sib = (scale << 6) | ((index & 7) << 3) | (base & 7);
  return { ...plain(mod, 4), sib, displacement, displacementBytes: bytes, base, index };
}

/** Of 3, 5 and 9 modulo 2^64. */
const INVERSES = {
  1: 0xaaaaaaaaaaaaaaabn,
  2: 0xcccccccccccccccdn,
  3: 0x8e38e38e38e38e39n,
} as const;

function pickDisplacement({ random }: Draft, bytes: 0 | 1 | 4): bigint {
  if (bytes === 0) return 0n;
  if (bytes === 1) return BigInt(random.between(-128, 127));
  return BigInt(random.percent(50) ? random.between(-4096, 4096) : random.u32() | 0);
}
