import { Random } from "../cases/random.js";
import type { RunEnd } from "../x64-machine.js";
import { FencedMachine } from "./fenced-machine.js";
import {
  CODE,
  CODE_BYTES,
  layOut,
  PAGE_MAP,
  RAM_BYTES,
  randomPageTables,
  STUB,
  STUB_INSTRUCTIONS,
} from "./guest-layout.js";
import { mutatedCode, randomCode } from "./random-code.js";

/** What is random: code at CPL 3 or at CPL 0, the bits of real code, or what addresses mean. */
export const FUZZ_KINDS = ["user code", "kernel code", "mutated code", "page tables"] as const;
export type FuzzKind = (typeof FUZZ_KINDS)[number];

export interface FuzzResult {
  readonly instructions: number;
  /** How often runs ended in which way: `exception 14`, `budget`, … */
  readonly ends: ReadonlyMap<string, number>;
  /** What must not happen, with all that is needed to see it again. */
  readonly problem: string | undefined;
}

/** Programs in one guest, each of which finds what the ones before have left. */
const RUNS = 120;
const CODE_LENGTH = 256;
const MOST_INSTRUCTIONS = 300;
/** How often a program goes on elsewhere in its code when it has come to an end. */
const STARTS = 6;
/** How far the second guest lies from where the first was. */
const SHIFT_BYTES = 7 * 4096;

/**
 * Lets random programs do what they can to an engine: it must not trap, must not touch anything
 * outside of the guest, and must do the same in another place of its memory.
 *
 * @param module the compiled engine
 * @param program real code, to be mutated
 * @param seed what happens follows from it
 */
export async function fuzz(
  module: WebAssembly.Module,
  kind: FuzzKind,
  program: Uint8Array,
  seed: number,
): Promise<FuzzResult> {
  const here = await runPrograms(module, kind, program, seed, 0);
  if (here.problem !== undefined) return here;
  const there = await runPrograms(module, kind, program, seed, SHIFT_BYTES);
  const problem =
    there.problem ?? (here.state === there.state ? undefined : "it depends on the guest's place");
  return { ...here, problem: problem && `${kind}, seed ${seed}: ${problem}` };
}

async function runPrograms(
  module: WebAssembly.Module,
  kind: FuzzKind,
  program: Uint8Array,
  seed: number,
  shiftBytes: number,
): Promise<FuzzResult & { readonly state: string }> {
  const random = new Random(seed, FUZZ_KINDS.indexOf(kind));
  const machine = await FencedMachine.create(module, RAM_BYTES, shiftBytes);
  const ends = new Map<string, number>();
  let problem: string | undefined;
  layOut(machine.ram, random);
  machine.processor.pageTables = PAGE_MAP;
  machine.processor.rip = BigInt(STUB);
  machine.processor.run(STUB_INSTRUCTIONS);
  for (let run = 0; run < RUNS && problem === undefined; run++) {
    const at = prepare(machine, kind, program, random);
    try {
      for (let start = 0; start < STARTS; start++) {
        machine.processor.rip = BigInt(at + (start === 0 ? 0 : random.below(CODE_LENGTH)));
        const end = nameOf(machine.processor.run(random.between(1, MOST_INSTRUCTIONS)));
        ends.set(end, (ends.get(end) ?? 0) + 1);
      }
    } catch (error) {
      problem = `run ${run}: ${error instanceof Error ? error.stack : String(error)}`;
    }
  }
  problem ??= machine.damage();
  return {
    instructions: Number(machine.processor.instructions),
    ends,
    problem: problem && `${kind}, seed ${seed}: ${problem}`,
    state: stateOf(machine),
  };
}

/** @returns the address of the code */
function prepare(
  machine: FencedMachine,
  kind: FuzzKind,
  program: Uint8Array,
  random: Random,
): number {
  const { processor, ram } = machine;
  const isKernel = kind !== "user code" && random.percent(kind === "kernel code" ? 100 : 40);
  const at = CODE + random.below(CODE_BYTES - CODE_LENGTH);
  // Programs of CPL 0 have changed what the others need to get anywhere.
  if (random.percent(5)) layOut(ram, random);
  if (kind === "page tables") randomPageTables(ram, random);
  const isMutated = kind === "mutated code" || (kind === "page tables" && random.percent(50));
  const code = isMutated
    ? mutatedCode(random, program, CODE_LENGTH)
    : randomCode(random, CODE_LENGTH, isKernel);
  if (kind === "page tables") {
    // Whatever an address leads to, there is something to execute.
    for (let copy = CODE; copy < CODE + CODE_BYTES; copy += CODE_LENGTH) ram.set(code, copy);
  } else ram.set(code, at);
  machine.codeChanged();
  for (const index of processor.registers.keys()) processor.registers[index] = value(random);
  processor.rflags = random.percent(80) ? 0x202 : random.u32();
  // At CPL 0 the guest gets its exceptions, too, by tables as random as all else.
  processor.interceptsExceptions = !isKernel || random.percent(40);
  if (random.percent(30)) setCodeSize(processor.bytesOf("segments", 96), random);
  processor.privilege = isKernel ? 0 : 3;
  processor.pageTables = PAGE_MAP;
  return at;
}

/** Makes of CS a segment of 16, 32 or 64 bits, and gives others a base: SDM vol. 3A, 3.4.5. */
function setCodeSize(segments: Uint8Array, random: Random): void {
  const view = new DataView(segments.buffer, segments.byteOffset, segments.byteLength);
  const attributes = random.pick([0xa09b, 0xc09b, 0x809b, 0xa0fb]);
  view.setUint16(16 + 14, attributes, true);
  if (random.percent(30)) {
    view.setBigUint64(random.below(6) * 16, BigInt(random.below(RAM_BYTES)), true);
  }
}

/** Mostly an address that means something, also an odd one. */
function value(random: Random): bigint {
  if (random.percent(60)) return BigInt(random.below(2 * RAM_BYTES));
  if (random.percent(40)) return BigInt.asUintN(64, BigInt(random.between(-4200, 4200)));
  if (random.percent(30)) return 0x7fff_ffff_ffffn - BigInt(random.below(16));
  return random.u64();
}

function nameOf(end: RunEnd): string {
  return end.reason === "exception" ? `exception ${end.exception.vector}` : end.reason;
}

/** All that a guest can see of itself, as far as it is different with what it has done. */
function stateOf({ processor, ram }: FencedMachine): string {
  let hash = 2166136261;
  // FNV-1a, of 32-bit words.
  for (const word of new Uint32Array(ram.buffer, ram.byteOffset, ram.length / 4)) {
    hash = Math.imul(hash ^ word, 16777619);
  }
  const parts = [processor.rip, processor.rflags, processor.instructions, hash >>> 0];
  const bytes = [...processor.bytesOf("xmm", 256), ...processor.bytesOf("float", 128)];
  return [...processor.registers, ...parts, ...bytes].join(" ");
}
