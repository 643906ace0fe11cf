import type { Registers } from "../machine/machine.js";
import type { GuestArch } from "./arch.js";
import type { Btf } from "./btf/btf.js";
import { GuestError } from "./errors.js";
import type { GuestMemory } from "./memory/guest-memory.js";
import { Structure } from "./memory/structure.js";
import type { SymbolTable } from "./symbol-table.js";

/** A kernel at one moment: what all that is read of it is read with. */
export class KernelView {
  readonly arch: GuestArch;
  readonly memory: GuestMemory;
  readonly registers: Registers;
  readonly types: Btf;
  readonly symbols: SymbolTable;

  constructor(parts: Pick<KernelView, "arch" | "memory" | "registers" | "types" | "symbols">) {
    this.arch = parts.arch;
    this.memory = parts.memory;
    this.registers = parts.registers;
    this.types = parts.types;
    this.symbols = parts.symbols;
  }

  structure(type: string, address: bigint): Structure {
    return new Structure(this.memory, this.types, type, address);
  }

  /** @throws GuestError `no-such-symbol` */
  symbol(name: string): bigint {
    const address = this.symbols.addressOf(name);
    if (address === undefined) {
      throw new GuestError("no-such-symbol", `This kernel has no symbol ${name}.`);
    }
    return address;
  }

  /**
   * Where a processor's instance of a per-CPU variable is: `per_cpu_offset()`,
   * include/asm-generic/percpu.h.
   * @throws GuestError `no-such-symbol`, `not-mapped`
   */
  perCpu(name: string, cpu: number): bigint {
    const offsets = this.symbol("__per_cpu_offset");
    const offset = this.memory.word(offsets + BigInt(cpu * this.memory.wordBytes));
    return this.memory.wrap(this.symbol(name) + offset);
  }

  /** Where a structure is that has this for a member: `container_of()`. */
  container(member: bigint, type: string, path: string): bigint {
    return this.memory.wrap(member - BigInt(this.types.member(type, path).offset));
  }
}
