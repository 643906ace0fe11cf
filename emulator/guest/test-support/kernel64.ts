import type { Registers } from "../../machine/machine.js";
import { Btf, StoppedKernel, SystemMap } from "../index.js";
import { BtfBuilder, type BuiltMember } from "./btf-builder.js";

/**
 * A made-up 64-bit kernel for tests: as much memory, symbols and types as a stack needs, laid
 * out as Documentation/x86/x86_64/mm.rst and arch/x86/include/asm/ptrace.h say.
 */

const MEMORY_BYTES = 0x60_0000;
/** Of the kernel's image, which lies at 2 MiB, and of the direct map of all memory. */
const TEXT = 0xffff_ffff_8100_0000n;
const DIRECT = 0xffff_8880_0000_0000n;
const TEXT_PHYSICAL = 0x20_0000;

export const PER_CPU = DIRECT + 0x40_0000n;
export const TASK = DIRECT + 0x41_0000n;
export const TASK_STACK = DIRECT + 0x42_0000n;
export const IRQ_STACK = DIRECT + 0x43_0000n;
export const STACK_BYTES = 0x4000n;
const TABLE = TEXT + 0x10_0000n;

/** Functions of 0x100 bytes each, in this order from the start of the code. */
const FUNCTIONS = [
  "startup_64",
  "read_clock",
  "hrtimer_interrupt",
  "__sysvec_apic_timer_interrupt",
  "sysvec_apic_timer_interrupt",
  "vfs_read",
  "__x64_sys_read",
  "do_syscall_64",
  "__schedule",
  "schedule",
];
const ENTRY_FUNCTIONS = ["asm_sysvec_apic_timer_interrupt", "entry_SYSCALL_64_after_hwframe"];
/** Assembly that keeps no frame pointer. */
const FRAMELESS = "read_clock";

const PT_REGS = [
  ...["r15", "r14", "r13", "r12", "bp", "bx", "r11", "r10", "r9", "r8", "ax", "cx", "dx", "si"],
  ...["di", "orig_ax", "ip", "cs", "flags", "sp", "ss"],
];
export const PT_REGS_BYTES = BigInt(PT_REGS.length * 8);

export class Kernel64 {
  readonly memory = new Uint8Array(MEMORY_BYTES);
  readonly symbols: SystemMap;
  readonly kernel: StoppedKernel;
  registers: Registers = {
    general: {},
    instructionPointer: 0n,
    stackPointer: 0n,
    framePointer: 0n,
    flags: 0n,
    segments: { cs: 0x10 },
    cr0: 1n << 31n,
    cr2: 0n,
    cr3: 0x1000n,
    cr4: 1n << 5n,
  };
  readonly #view = new DataView(this.memory.buffer);

  constructor() {
    this.symbols = new SystemMap(symbolLines().join("\n"));
    this.#mapMemory();
    this.#writeCode();
    this.write(this.symbol("__per_cpu_offset"), PER_CPU);
    this.write(PER_CPU + 0x100n, TASK);
    // irq_init_percpu_irqstack(), arch/x86/kernel/irq_64.c: the place of the topmost word.
    this.write(PER_CPU + 0x108n, IRQ_STACK + STACK_BYTES - 8n);
    this.write(TABLE, this.symbol("__x64_sys_read"));
    this.#writeTask();
    this.kernel = new StoppedKernel({
      machine: {
        arch: "x86_64",
        memoryBytes: MEMORY_BYTES,
        registers: () => this.registers,
        readPhysical: (address, length) =>
          this.memory.slice(Number(address), Number(address) + length),
      },
      types: new Btf(kernelTypes()),
      symbols: this.symbols,
    });
  }

  symbol(name: string): bigint {
    const address = this.symbols.addressOf(name);
    if (address === undefined) throw new Error(`There is no symbol ${name}.`);
    return address;
  }

  /** Writes words from an address on. */
  write(address: bigint, ...words: bigint[]): void {
    words.forEach((word, index) => {
      this.#view.setBigUint64(physical(address) + index * 8, BigInt.asUintN(64, word), true);
    });
  }

  /** Writes saved registers, those that are not given as 0. */
  writeRegisters(address: bigint, values: Readonly<Record<string, bigint>>): void {
    this.write(address, ...PT_REGS.map((name) => values[name] ?? 0n));
  }

  #mapMemory(): void {
    const entry = (at: number, value: bigint): void => this.#view.setBigUint64(at, value, true);
    entry(0x1000 + 273 * 8, 0x2063n); // The direct map, …
    entry(0x2000, 0x1e3n); // … in one page of 1 GiB.
    entry(0x1000 + 511 * 8, 0x3063n);
    entry(0x3000 + 510 * 8, 0x4063n);
    entry(0x4000 + 8 * 8, BigInt(TEXT_PHYSICAL) | 0x1e3n); // The image, in one of 2 MiB.
  }

  #writeCode(): void {
    this.memory.fill(0x90, TEXT_PHYSICAL, TEXT_PHYSICAL + 0x10_0000);
    for (const name of FUNCTIONS) {
      if (name === FRAMELESS) continue;
      this.memory.set([0x55, 0x48, 0x89, 0xe5], physical(this.symbol(name)));
      this.memory.set([0x5d, 0xc3], physical(this.symbol(name)) + 0xf0);
    }
    // hrtimer_interrupt() calls it: E8 and the way to there.
    const call = this.symbol("hrtimer_interrupt") + 0x20n;
    const distance = this.symbol(FRAMELESS) - (call + 5n);
    this.memory[physical(call)] = 0xe8;
    this.#view.setInt32(physical(call) + 1, Number(distance), true);
  }

  #writeTask(): void {
    const task = physical(TASK);
    this.#view.setUint32(task + 8, 1234, true);
    this.#view.setUint32(task + 12, 1234, true);
    this.write(TASK + 0x28n, TASK_STACK);
    this.memory.set(new TextEncoder().encode("reader"), task + 0x40);
  }
}

function physical(address: bigint): number {
  return Number(address >= TEXT ? address - TEXT + BigInt(TEXT_PHYSICAL) : address - DIRECT);
}

function symbolLines(): string[] {
  const line = (address: bigint, type: string, name: string): string =>
    `${address.toString(16).padStart(16, "0")} ${type} ${name}`;
  const entry = TEXT + 0x8000n;
  return [
    line(0x100n, "A", "current_task"),
    line(0x108n, "A", "hardirq_stack_ptr"),
    line(0x100_0000n, "A", "phys_startup_64"),
    line(TEXT, "T", "_stext"),
    ...FUNCTIONS.map((name, index) => line(TEXT + BigInt(index * 0x100), "T", name)),
    line(entry, "T", "__entry_text_start"),
    ...ENTRY_FUNCTIONS.map((name, index) => line(entry + BigInt(index * 0x100), "T", name)),
    line(entry + 0x1000n, "T", "__entry_text_end"),
    line(TEXT + 0xf_0000n, "T", "_etext"),
    line(TABLE, "D", "sys_call_table"),
    line(TEXT + 0x11_0000n, "D", "__per_cpu_offset"),
    line(TEXT + 0x12_0000n, "D", "init_thread_union"),
    line(TEXT + 0x12_0000n + STACK_BYTES, "D", "__end_init_task"),
  ];
}

function kernelTypes(): Uint8Array {
  const types = BtfBuilder.withLong(8);
  const long = 1;
  const int = types.int("int", 4);
  const char = types.int("char", 1);
  const fields = (names: readonly string[]): BuiltMember[] =>
    names.map((name, index) => ({ name, type: long, bit: index * 64 }));
  types.structure("struct", "pt_regs", PT_REGS.length * 8, fields(PT_REGS));
  types.structure(
    "struct",
    "inactive_task_frame",
    56,
    fields(["r15", "r14", "r13", "r12", "bx", "bp", "ret_addr"]),
  );
  types.structure("struct", "irq_stack", Number(STACK_BYTES), [
    { name: "stack", type: types.array(char, Number(STACK_BYTES)), bit: 0 },
  ]);
  const thread = types.structure("struct", "thread_struct", 8, fields(["sp"]));
  types.structure("struct", "task_struct", 0x58, [
    { name: "__state", type: int, bit: 0 },
    { name: "cpu", type: int, bit: 32 },
    { name: "pid", type: int, bit: 0x40 },
    { name: "tgid", type: int, bit: 0x60 },
    { name: "exit_state", type: int, bit: 0x80 },
    { name: "flags", type: int, bit: 0xa0 },
    { name: "on_cpu", type: int, bit: 0xc0 },
    { name: "mm", type: types.ptr(0), bit: 0x100 },
    { name: "stack", type: types.ptr(0), bit: 0x140 },
    { name: "thread", type: thread, bit: 0x180 },
    { name: "comm", type: types.array(char, 16), bit: 0x200 },
  ]);
  return types.build();
}
