import type { Random } from "../cases/random.js";

const PREFIXES = [0x66, 0x67, 0xf0, 0xf2, 0xf3, 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65];
/** Maps of opcodes: behind these bytes. */
const ESCAPES = [[], [0x0f], [0x0f, 0x38], [0x0f, 0x3a]];
/** Opcodes of the two-byte map that only CPL 0 may execute, or that change what it works by. */
const SYSTEM = [0x00, 0x01, 0x05, 0x06, 0x07, 0x09, 0x20, 0x21, 0x22, 0x23, 0x30, 0x32, 0xae, 0xc7];
const REX = 0x40;
const LONGEST_INSTRUCTION = 15;

/** Bytes that are instructions more often than random ones are; `kernel`: also those of CPL 0. */
export function randomCode(random: Random, length: number, kernel: boolean): Uint8Array {
  const code = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const bytes = random.percent(40) ? anyBytes(random) : instruction(random, kernel);
    code.set(bytes.slice(0, length - at), at);
    at += bytes.length;
  }
  return code;
}

/** Real code with some of its bits or bytes changed, or instructions cut at their begin. */
export function mutatedCode(random: Random, program: Uint8Array, length: number): Uint8Array {
  const begin = random.below(Math.max(1, program.length - length));
  const code = program.slice(begin, begin + length);
  for (let change = random.below(12); change > 0; change--) {
    const at = random.below(code.length);
    code[at] = random.percent(50) ? (code[at] ?? 0) ^ (1 << random.below(8)) : random.below(256);
  }
  return code;
}

function anyBytes(random: Random): number[] {
  return Array.from({ length: random.between(1, LONGEST_INSTRUCTION) }, () => random.below(256));
}

function instruction(random: Random, kernel: boolean): number[] {
  const bytes: number[] = [];
  while (random.percent(25)) bytes.push(random.pick(PREFIXES));
  if (random.percent(45)) bytes.push(REX + random.below(16));
  if (kernel && random.percent(40)) bytes.push(0x0f, random.pick(SYSTEM));
  else bytes.push(...random.pick(ESCAPES), random.below(256));
  // ModRM, SIB and a displacement or an immediate: how many of them are used is up to the opcode.
  bytes.push(random.below(256), random.below(256));
  const displacement = random.percent(70) ? random.below(0x200000) : random.u32();
  for (const shift of [0, 8, 16, 24]) bytes.push((displacement >>> shift) & 0xff);
  return bytes;
}
