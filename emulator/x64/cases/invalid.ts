import { Code, Decoder, DecoderError } from "iced-x86";
import type { Form } from "./forms.js";
import type { Random } from "./random.js";

/** What is no instruction at all, by iced, as if it were a form: it has to be #UD. */
export const INVALID_FORM: Form = {
  name: "INVALID",
  code: Code.INVALID,
  mnemonic: "INVALID",
  text: "(no instruction)",
  encoding: "any other",
  operands: [],
  feature: "INTEL8086",
  escape: [],
  opcode: [],
  fwait: false,
  mandatoryPrefix: undefined,
  operandSize: 0,
  addressSize: 0,
  rexW: false,
  modRm: false,
  group: -1,
  rmGroup: -1,
  memoryBytes: 0,
  element: "integer",
  lockable: false,
  repeatable: "no",
  ringZero: false,
  stack: false,
  undefinedFlags: 0,
  readFlags: 0,
  weight: 20,
};

const PREFIXES = [0x66, 0xf2, 0xf3, 0x2e, 0x64, 0x67] as const;
const ESCAPES = [[], [], [0x0f], [0x0f], [0x0f, 0x38], [0x0f, 0x3a]] as const;
/**
 * How VEX and EVEX begin, which processors with AVX look at less strictly than iced; and 8F, which
 * with more than its first register in ModRM is XOP of some.
 */
const OTHER_ENCODINGS: ReadonlySet<number> = new Set([0x62, 0x8f, 0xc4, 0xc5]);

/** MOV with control and debug registers: which ones there are may be looked at after the CPL. */
const isPrivileged = (map: readonly number[], opcode: number): boolean =>
  map.length === 1 && opcode >= 0x20 && opcode <= 0x23;

/** Bytes that iced knows no instruction for, as many as the longest has. */
export function invalidCode(random: Random): number[] {
  for (;;) {
    const bytes: number[] = [];
    for (let count = random.below(3); count > 0; count--) bytes.push(random.pick(PREFIXES));
    if (random.percent(20)) bytes.push(0x40 | random.below(16));
    const map = random.pick(ESCAPES);
    const opcode = random.below(256);
    if (map.length === 0 && OTHER_ENCODINGS.has(opcode)) continue;
    if (isPrivileged(map, opcode)) continue;
    bytes.push(...map, opcode, random.percent(50) ? 0xc0 | random.below(64) : random.below(256));
    while (bytes.length < 15) bytes.push(random.below(256));
    if (isInvalid(Uint8Array.from(bytes))) return bytes;
  }
}

function isInvalid(bytes: Uint8Array): boolean {
  const decoder = new Decoder(64, bytes, 0);
  const instruction = decoder.decode();
  const isInstruction = instruction.code !== Code.INVALID;
  const isWhole = decoder.lastError === DecoderError.InvalidInstruction;
  instruction.free();
  decoder.free();
  return !isInstruction && isWhole;
}
