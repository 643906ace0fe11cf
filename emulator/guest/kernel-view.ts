import type { Registers } from "../machine/machine.js";
import type { GuestArch } from "./arch.js";
import type { Btf } from "./btf/btf.js";
import { GuestError } from "./errors.js";
import type { GuestMemory } from "./memory/guest-memory.js";
import { Structure } from "./memory/structure.js";
import type { SymbolTable } from "./symbol-table.js";

/** Of 48 bits: Documentation/x86/x86_64/mm.rst. */
const UPPER_HALF = 0xffff_8000_0000_0000n;
/** VMSPLIT_1G, arch/x86/Kconfig. */
const LOWEST_32_BIT_SPLIT = 0x4000_0000n;

const LINKED_AT = [
  ["startup_32", "phys_startup_32"],
  ["startup_64", "phys_startup_64"],
] as const;

/**
 * How far above its place in physical memory the kernel is linked: LOAD_OFFSET of
 * arch/x86/kernel/vmlinux.lds.S, which with 32 bits is where the kernel's addresses begin.
 */
export function linkOffset(symbols: SymbolTable): bigint | undefined {
  for (const [virtual, physical] of LINKED_AT) {
    const [from, to] = [symbols.addressOf(virtual), symbols.addressOf(physical)];
    if (from !== undefined && to !== undefined) return from - to;
  }
  return undefined;
}

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

  /** Where the kernel's part of the address space begins: what is below belongs to programs. */
  get kernelStart(): bigint {
    if (this.arch.longMode) return UPPER_HALF;
    return linkOffset(this.symbols) ?? LOWEST_32_BIT_SPLIT;
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
