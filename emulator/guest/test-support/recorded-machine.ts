import type { Registers } from "../../machine/machine.js";
import type { StoppedKernelParts } from "../stopped-kernel.js";

/** Memory and registers of a machine at one moment, which a test may change. */
export class RecordedMachine implements Pick<StoppedKernelParts, "machine"> {
  readonly memory: Uint8Array;
  readonly original: Registers;
  registers: Registers;
  /** Of physical memory, by all that was asked so far. */
  bytesRead = 0;
  readonly #arch: StoppedKernelParts["machine"]["arch"];
  #changes: { readonly at: number; readonly bytes: Uint8Array }[] = [];

  constructor(machine: StoppedKernelParts["machine"]) {
    this.#arch = machine.arch;
    this.memory = machine.readPhysical(0, machine.memoryBytes);
    this.original = machine.registers();
    this.registers = this.original;
  }

  get machine(): StoppedKernelParts["machine"] {
    const { memory } = this;
    return {
      arch: this.#arch,
      memoryBytes: memory.length,
      registers: () => this.registers,
      readPhysical: (address, length) => {
        const at = Number(address);
        if (!(at >= 0 && length >= 0 && at + length <= memory.length)) {
          throw new Error(`There is no physical memory at ${at}.`);
        }
        this.bytesRead += length;
        return memory.slice(at, at + length);
      },
    };
  }

  write(physical: number, bytes: Uint8Array): void {
    const at = Math.min(physical, this.memory.length - bytes.length);
    this.#changes.push({ at, bytes: this.memory.slice(at, at + bytes.length) });
    this.memory.set(bytes, at);
  }

  /** Takes all changes back. */
  undo(): void {
    for (const { at, bytes } of this.#changes.reverse()) this.memory.set(bytes, at);
    this.#changes = [];
    this.registers = this.original;
  }
}
