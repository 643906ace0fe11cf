import type { AddressBytes } from "./addressing.js";
import type { Form } from "./forms.js";
import type { Random } from "./random.js";

/** What is free in the encoding of a form. */
export interface Choices {
  /** Registers by number, 0 to 15, in the fields of the encoding. */
  readonly rm: number;
  readonly reg: number;
  readonly opcodeRegister: number;
  readonly address: AddressBytes | undefined;
  /** REX although nothing needs it: it makes SPL to DIL of AH to BH. */
  readonly rex: boolean;
  /** Legacy prefixes beside those that the form itself has. */
  readonly prefixes: readonly number[];
  /** A REX prefix that a legacy prefix follows: without effect. */
  readonly misplacedRex: boolean;
  readonly immediates: readonly { readonly bytes: number; readonly value: bigint }[];
  /** Address of the code, for what counts from the end of the instruction. */
  readonly codeAddress: number;
  /** Where a branch goes, as a distance from the end. */
  readonly relative: { readonly bytes: number; readonly distance: (length: number) => bigint };
}

/** The bytes of one instruction. SDM vol. 2A, chapter 2. */
export function encode(form: Form, choices: Choices, random: Random): number[] {
  const { address } = choices;
  const bytes: number[] = form.fwait ? [0x9b] : [];
  const prefixes = legacyPrefixes(form, choices);
  // Their order does not matter.
  for (let at = prefixes.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    [prefixes[at], prefixes[other]] = [prefixes[other] ?? 0, prefixes[at] ?? 0];
  }
  if (choices.misplacedRex && prefixes.length > 0) prefixes.unshift(0x40 | random.below(16));
  bytes.push(...prefixes);
  const rex =
    (form.rexW ? 8 : 0) |
    (form.modRm && form.group < 0 && choices.reg > 7 ? 4 : 0) |
    (address !== undefined && address.index > 7 ? 2 : 0) |
    (lowRegister(form, choices) > 7 ? 1 : 0);
  if (rex !== 0 || choices.rex) bytes.push(0x40 | rex);
  bytes.push(...form.escape);
  const inOpcode = form.operands.some(
    ({ in: place }) => place === "opcode" || place === "opcode-st",
  );
  const opcode = [...form.opcode];
  if (inOpcode) opcode.push((opcode.pop() ?? 0) | (choices.opcodeRegister & 7));
  bytes.push(...opcode);
  if (form.modRm) pushModRm(bytes, form, choices);
  const immediateBytes = choices.immediates.reduce((sum, immediate) => sum + immediate.bytes, 0);
  if (address !== undefined) pushDisplacement(bytes, address, choices.codeAddress, immediateBytes);
  for (const { bytes: count, value } of choices.immediates) push(bytes, value, count);
  const { relative } = choices;
  push(bytes, relative.distance(bytes.length + relative.bytes), relative.bytes);
  return bytes;
}

function legacyPrefixes(form: Form, { address, prefixes }: Choices): number[] {
  const all = [...prefixes];
  if (form.operandSize === 16) all.push(0x66);
  if (form.mandatoryPrefix !== undefined) all.push(form.mandatoryPrefix);
  if (form.addressSize === 32 || address?.address32 === true) all.push(0x67);
  if (address?.segment !== undefined) all.push(address.segment);
  return all;
}

/** The register that REX.B extends. */
function lowRegister(form: Form, { address, rm, opcodeRegister }: Choices): number {
  if (form.operands.some(({ in: place }) => place === "opcode")) return opcodeRegister;
  if (!form.modRm) return 0;
  return address === undefined ? (form.rmGroup >= 0 ? 0 : rm) : address.base;
}

function pushModRm(bytes: number[], form: Form, { address, reg, rm }: Choices): void {
  const middle = form.group >= 0 ? form.group : reg & 7;
  if (address === undefined) {
    bytes.push(0xc0 | (middle << 3) | (form.rmGroup >= 0 ? form.rmGroup : rm & 7));
    return;
  }
  bytes.push((address.mod << 6) | (middle << 3) | address.rm);
  if (address.sib !== undefined) bytes.push(address.sib);
}

function pushDisplacement(
  bytes: number[],
  address: AddressBytes,
  codeAddress: number,
  after: number,
): void {
  const { displacement, displacementBytes, ripRelative } = address;
  const end = BigInt(codeAddress + bytes.length + displacementBytes + after);
  push(bytes, ripRelative === undefined ? displacement : ripRelative - end, displacementBytes);
}

function push(bytes: number[], value: bigint, count: number): void {
  for (let left = BigInt.asUintN(64, value), at = 0; at < count; at++, left >>= 8n) {
    bytes.push(Number(left & 0xffn));
  }
}
