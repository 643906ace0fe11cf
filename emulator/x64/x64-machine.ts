import {
  COUNTERS,
  type CounterName,
  type EngineExports,
  FIELDS,
  type FieldName,
} from "./engine-exports.js";

/** An exception of the processor: SDM vol. 3A, table 6-1. */
export interface ProcessorException {
  readonly vector: number;
  readonly error: number;
  /** The address of a page fault (vector 14). */
  readonly cr2: bigint;
}

/** What an instruction does that a watchpoint waits for. */
export type WatchedAccess = "read" | "write" | "any";

/** A range of linear addresses that is watched. */
export interface Watchpoint {
  readonly address: bigint;
  /** In bytes, at least 1. */
  readonly length: number;
  readonly on: WatchedAccess;
}

/** The instruction before RIP has touched what is watched. */
export interface WatchpointHit {
  /** Of the watchpoint. */
  readonly address: bigint;
  /** `any`: it has read and written. */
  readonly access: WatchedAccess;
}

/** There are as many breakpoints or watchpoints as the engine has room for. */
export class TooManyStopsError extends Error {
  override readonly name = "TooManyStopsError";
}

/** Why a run has ended; RIP says where. */
export type RunEnd =
  | { readonly reason: "budget" | "halt" | "breakpoint" | "shutdown" }
  | { readonly reason: "watchpoint"; readonly hit: WatchpointHit }
  | { readonly reason: "exception"; readonly exception: ProcessorException };

/** In the order of `Stop` in `assembly/state/after.ts`. */
const REASONS = [
  "budget",
  "halt",
  "exception",
  "breakpoint",
  "watchpoint",
  "shutdown",
] as const satisfies readonly RunEnd["reason"][];

/** As `WatchKind` in `assembly/debugger/host-watchpoints.ts`. */
const WATCH_KINDS: Readonly<Record<WatchedAccess, number>> = { read: 1, write: 2, any: 3 };

/** The general registers, by the number that instructions have for them. */
export const REGISTERS = [
  "rax",
  "rcx",
  "rdx",
  "rbx",
  "rsp",
  "rbp",
  "rsi",
  "rdi",
  "r8",
  "r9",
  "r10",
  "r11",
  "r12",
  "r13",
  "r14",
  "r15",
] as const;

export type RegisterName = (typeof REGISTERS)[number];

const PAGE_BYTES = 4096;

/**
 * A machine with one x86-64 processor in 64-bit code at CPL 0, and memory. Paging is on: page
 * tables have to be put into `ram` before anything can run.
 */
export class X64Machine {
  /** The guest's physical memory. */
  readonly ram: Uint8Array;
  readonly processor: X64Processor;
  readonly #engine: EngineExports;
  readonly #machine: number;

  private constructor(engine: EngineExports, ramBytes: number) {
    const machine = engine.createMachine(ramBytes);
    this.#engine = engine;
    this.#machine = machine;
    const cpu = engine.createProcessor(machine);
    // All of the engine's memory is there now, so that views of it stay valid.
    const { buffer } = engine.memory;
    const ram = new DataView(buffer).getUint32(
      machine + engine.fieldOffset(FIELDS.machineRam),
      true,
    );
    this.ram = new Uint8Array(buffer, ram, ramBytes);
    this.processor = new X64Processor(engine, cpu);
  }

  /**
   * @param module the compiled engine
   * @param ramBytes size of the guest's memory: a multiple of 4096, at most 2 GiB
   * @throws RangeError for another size, and where the host has no room for it
   */
  static async create(module: WebAssembly.Module, ramBytes: number): Promise<X64Machine> {
    if (!(ramBytes > 0 && ramBytes <= 2 ** 31 && ramBytes % PAGE_BYTES === 0)) {
      throw new RangeError(
        `${ramBytes} bytes of memory: it has to be a multiple of ${PAGE_BYTES}, and at most 2 GiB.`,
      );
    }
    const { exports } = await WebAssembly.instantiate(module, {});
    try {
      return new X64Machine(exports as unknown as EngineExports, ramBytes);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      throw new RangeError(`There is no room for ${ramBytes} bytes of memory.`, { cause: error });
    }
  }

  /** To be called when the host has written code in `ram`: drops what was decoded of its page. */
  codeChanged(physical: number): void {
    this.#engine.forgetCode(this.#machine, Math.floor(physical / PAGE_BYTES));
  }
}

/** The processor of a machine, while it does not run. */
export class X64Processor {
  /** By the numbers of {@link REGISTERS}. */
  readonly registers: BigUint64Array;
  readonly #engine: EngineExports;
  readonly #cpu: number;
  readonly #view: DataView;

  constructor(engine: EngineExports, cpu: number) {
    this.#engine = engine;
    this.#cpu = cpu;
    this.#view = new DataView(engine.memory.buffer, cpu);
    this.registers = new BigUint64Array(engine.memory.buffer, cpu, REGISTERS.length);
  }

  get rip(): bigint {
    return this.#view.getBigUint64(this.#offset("rip"), true);
  }

  set rip(rip: bigint) {
    this.#view.setBigUint64(this.#offset("rip"), rip, true);
  }

  get rflags(): number {
    return this.#engine.readFlagsOf(this.#cpu);
  }

  set rflags(flags: number) {
    this.#engine.writeFlagsOf(this.#cpu, flags);
  }

  /** Instructions executed since the machine was made. */
  get instructions(): bigint {
    return this.#view.getBigUint64(this.#offset("instructions"), true);
  }

  /** How often it has had to do something besides executing instructions. */
  count(counter: CounterName): number {
    return this.#engine.counterOf(this.#cpu, COUNTERS[counter]);
  }

  /** The bytes of a part of the state: they are the state itself. */
  bytesOf(field: FieldName, length: number): Uint8Array {
    const begin = this.#cpu + this.#offset(field);
    return new Uint8Array(this.#engine.memory.buffer, begin, length);
  }

  /** Physical address of the page map: as a write of CR3, and all translations are dropped. */
  set pageTables(physical: number) {
    this.#engine.setPageTables(this.#cpu, physical);
  }

  /** Goes on at another privilege (CPL) than before. */
  set privilege(cpl: 0 | 3) {
    this.#engine.setPrivilege(this.#cpu, cpl);
  }

  /** Exceptions end a run, and are not delivered to the guest. */
  set interceptsExceptions(intercepts: boolean) {
    this.#view.setUint8(this.#offset("interceptsExceptions"), intercepts ? 1 : 0);
  }

  /**
   * Lets runs end before the instruction at a linear address, however it is mapped. The one that a
   * run begins with is passed.
   * @throws TooManyStopsError
   */
  addBreakpoint(address: bigint): void {
    if (this.#engine.addBreakpoint(this.#cpu, address) !== 0) return;
    throw new TooManyStopsError("There is no room for another breakpoint: remove one first.");
  }

  removeBreakpoint(address: bigint): void {
    this.#engine.removeBreakpoint(this.#cpu, address);
  }

  /**
   * Lets runs end behind the instruction that touches a range.
   * @throws TooManyStopsError
   */
  addWatchpoint({ address, length, on }: Watchpoint): void {
    const last = address + BigInt(length) - 1n;
    if (this.#engine.addWatchpoint(this.#cpu, address, last, WATCH_KINDS[on]) !== 0) return;
    throw new TooManyStopsError("There is no room for another watchpoint: remove one first.");
  }

  removeWatchpoint({ address, length, on }: Watchpoint): void {
    const last = address + BigInt(length) - 1n;
    this.#engine.removeWatchpoint(this.#cpu, address, last, WATCH_KINDS[on]);
  }

  /**
   * Asks for an interrupt: its handler is entered as soon as the program lets it.
   * @returns false: another one still waits, and this one has to be asked for again
   */
  raiseInterrupt(vector: number): boolean {
    return this.#engine.raiseInterrupt(this.#cpu, vector) !== 0;
  }

  /** Asks for a non-maskable interrupt. */
  raiseNmi(): void {
    this.#engine.raiseNmi(this.#cpu);
  }

  /** @param budget the most instructions that are executed, up to 2^31 - 1 */
  run(budget: number): RunEnd {
    const stop = this.#engine.runSlice(this.#cpu, budget);
    const reason = REASONS[stop];
    if (reason === undefined) throw new Error(`The engine ended a run with ${stop}.`);
    if (reason === "watchpoint") return { reason, hit: this.#watchpointHit() };
    if (reason !== "exception") return { reason };
    return {
      reason,
      exception: {
        vector: this.#view.getUint32(this.#offset("faultVector"), true),
        error: this.#view.getUint32(this.#offset("faultError"), true),
        cr2: this.#view.getBigUint64(this.#offset("cr2"), true),
      },
    };
  }

  #watchpointHit(): WatchpointHit {
    const kinds = this.#engine.watchpointHit(this.#cpu);
    const access = kinds === WATCH_KINDS.any ? "any" : kinds === 1 ? "read" : "write";
    const address = BigInt.asUintN(64, this.#engine.watchpointAddress(this.#cpu));
    return { address, access };
  }

  #offset(field: FieldName): number {
    return this.#engine.fieldOffset(FIELDS[field]);
  }
}
