import type { Arch, CpuSample, Machine } from "../machine/machine.js";
import { LabError } from "./errors.js";
import type { KernelSample } from "./freeze-detector.js";
import type { Images } from "./images.js";

/** What the image says of its kernel: `images/<arch>/kernel.json`. */
export interface KernelFacts {
  /** As `uname -r` prints it. */
  readonly release: string;
  /** As a module for it must carry it. */
  readonly vermagic: string;
  /** Linear addresses; a function has its end, exclusive, a variable has none. */
  readonly symbols: Readonly<Record<string, { readonly start: number; readonly end?: number }>>;
  /** Bytes from the start of a structure, `struct.member`, out of the kernel's BTF. */
  readonly offsets: Readonly<Record<string, number>>;
}

/**
 * Functions in which the kernel does nothing but wait for a lock: kernel/locking/ of 6.1.
 * `_raw_spin_lock` and its kin are not among them: taking a free lock passes through them.
 */
const LOCK_SLOW_PATHS = [
  "native_queued_spin_lock_slowpath",
  "queued_spin_lock_slowpath",
  "queued_read_lock_slowpath",
  "queued_write_lock_slowpath",
];

/** Reads, from outside of the guest, the little of it that tells busy from stuck. */
export class KernelProbe {
  readonly #machine: Machine;
  readonly #facts: KernelFacts;
  readonly #slowPaths: readonly { readonly start: number; readonly end: number }[];

  constructor(machine: Machine, facts: KernelFacts) {
    this.#machine = machine;
    this.#facts = facts;
    this.#slowPaths = LOCK_SLOW_PATHS.flatMap((name) => {
      const { start, end } = facts.symbols[name] ?? {};
      return start !== undefined && end !== undefined ? [{ start, end }] : [];
    });
  }

  /** Adds to a processor's sample what the kernel's memory says at the same moment. */
  sample(cpu: CpuSample): KernelSample {
    const at = cpu.instructionPointer;
    return {
      ...cpu,
      inLockSlowPath: this.#slowPaths.some(({ start, end }) => start <= at && at < end),
      taskSwitches: this.#taskSwitches(),
    };
  }

  /** `runqueues.nr_switches` of CPU 0, 0 while the kernel has not set itself up. */
  #taskSwitches(): number {
    const runqueues = this.#facts.symbols.runqueues?.start;
    const perCpuOffset = this.#facts.symbols.__per_cpu_offset?.start;
    const member = this.#facts.offsets["rq.nr_switches"];
    if (runqueues === undefined || perCpuOffset === undefined || member === undefined) return 0;
    try {
      return this.#read32(runqueues + this.#read32(perCpuOffset) + member);
    } catch {
      return 0; // The kernel's page tables are not there yet.
    }
  }

  /** The low half of a 64-bit count is enough to see it change. */
  #read32(address: number): number {
    const bytes = this.#machine.readVirtual(address >>> 0, 4);
    return new DataView(bytes.buffer).getUint32(0, true);
  }
}

/** @throws LabError `image-missing` or `image-corrupt` */
export async function readKernelFacts(images: Images, arch: Arch): Promise<KernelFacts> {
  return parseKernelFacts(await images.read(`${arch}/kernel.json`));
}

/** @throws LabError `image-corrupt` when the file is not what it should be. */
export function parseKernelFacts(bytes: Uint8Array): KernelFacts {
  const facts: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (!isKernelFacts(facts)) {
    throw new LabError("image-corrupt", "kernel.json does not describe a kernel.");
  }
  return facts;
}

function isKernelFacts(value: unknown): value is KernelFacts {
  return (
    typeof value === "object" &&
    value !== null &&
    "release" in value &&
    typeof value.release === "string" &&
    "vermagic" in value &&
    typeof value.vermagic === "string" &&
    "symbols" in value &&
    typeof value.symbols === "object" &&
    "offsets" in value &&
    typeof value.offsets === "object"
  );
}
