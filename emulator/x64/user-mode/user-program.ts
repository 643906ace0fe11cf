import { PageTables } from "../guest/page-tables.js";
import { REGISTERS, type RegisterName, type RunEnd, X64Machine } from "../x64-machine.js";
import { AddressSpace, type Caches } from "./address-space.js";
import { type ElfProgram, readElfProgram } from "./elf-program.js";
import { ENTRY_PAGE } from "./entry-page.js";
import { Files } from "./files.js";
import { Frames, PAGE_BYTES } from "./frames.js";
import { initialStack } from "./initial-stack.js";
import {
  loadSegments,
  mapDescriptors,
  mapEntryPage,
  mapOrThrow,
  READ_WRITE,
} from "./load-program.js";
import { signalOf } from "./signals.js";
import { serveSystemCall } from "./system-calls/index.js";
import { Arguments, type Process } from "./system-calls/process.js";
import { ARGUMENT_REGISTERS, SYSTEM_CALL_VECTOR } from "./system-calls/registers.js";
import { UserModeError } from "./user-mode-error.js";

const MIB = 2 ** 20;

export interface ProgramOptions {
  /** With the program's name first. */
  readonly argv: readonly string[];
  /** `NAME=value`. */
  readonly environment?: readonly string[];
  /** What is there to open, by absolute path. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
  readonly stdin?: Uint8Array;
  /** Of the guest; 64 MiB. */
  readonly ramBytes?: number;
}

export interface ProgramFault {
  readonly vector: number;
  readonly error: number;
  readonly rip: bigint;
  /** Of a page fault. */
  readonly cr2: bigint;
}

export type ProgramEnd =
  | { readonly outcome: "exited"; readonly status: number }
  /** By a signal: an exception's, or one that it has sent to itself. */
  | { readonly outcome: "killed"; readonly signal: number; readonly fault?: ProgramFault }
  /** So many instructions were not enough: it can be run on. */
  | { readonly outcome: "unfinished" };

/** The engine takes no larger budget. */
const MOST_AT_ONCE = 2 ** 31 - 1;
const STACK_BYTES = MIB;
/** What Linux leaves free below a stack for it to grow. */
const STACK_GAP = 128 * MIB;
const USER_FLAGS = 0x202n;
/** The opcode of INT n, in front of the vector. */
const INT = 0xcd;
/** SDM vol. 2A, 2.3.11. */
const LONGEST_INSTRUCTION = 15;
const SEGMENT_BYTES = 16;
const FS = 4;
const GS = 5;
const PID = 1000;
const UID = 1000;
/** 2024-01-01; an instruction takes a nanosecond. */
const FIRST_SECOND = 1_704_067_200n;
const FIRST_FRAME = PAGE_BYTES;

type ProcessParts = Pick<
  Process,
  "programClass" | "memory" | "descriptors" | "firstBreak" | "path"
>;

/**
 * An unmodified static Linux program in the engine, in user mode; its kernel is this harness. All
 * that it can learn is the same in every run: time goes by instructions, and random numbers are
 * always the same.
 */
export class UserProgram {
  readonly machine: X64Machine;
  readonly #files: Files;
  readonly #process: Process;
  readonly #unknownCalls = new Set<number>();
  readonly #instructionsBefore: bigint;
  #end: ProgramEnd | undefined;

  private constructor(machine: X64Machine, program: ElfProgram, options: ProgramOptions) {
    this.machine = machine;
    const { processor, ram } = machine;
    const frames = new Frames(ram, FIRST_FRAME);
    const tables = new PageTables(ram, () => frames.takeTable());
    const caches: Caches = {
      dropTranslations: () => {
        processor.pageTables = tables.root;
      },
      codeChanged: (physical) => {
        machine.codeChanged(physical);
      },
    };
    const { programClass } = program;
    const { endOfAddresses } = programClass;
    const memory = new AddressSpace(ram, frames, tables, caches, endOfAddresses);
    mapEntryPage(ram, frames, tables, programClass);
    const descriptors = mapDescriptors(machine, frames, tables);
    processor.pageTables = tables.root;
    processor.interceptsExceptions = true;
    const base = program.isMovable ? programClass.movableBase : 0;
    const firstBreak = loadSegments(memory, program, base);
    this.#files = new Files(options.files ?? new Map(), options.stdin ?? new Uint8Array());
    this.#process = this.#newProcess({
      programClass,
      memory,
      descriptors,
      firstBreak,
      path: pathOf(options.argv),
    });
    const stack = initialStack(endOfAddresses, {
      programClass,
      argv: options.argv,
      environment: options.environment ?? [],
      random: this.#process.randomBytes(16),
      uid: UID,
      entry: base + program.entry,
      headers: { ...program.headers, address: base + program.headers.address },
    });
    mapOrThrow(memory, endOfAddresses - STACK_BYTES, STACK_BYTES, READ_WRITE);
    memory.load(stack.rsp, stack.bytes);
    this.#enter(BigInt(base + program.entry), BigInt(stack.rsp));
    this.#instructionsBefore = processor.instructions;
  }

  /**
   * Loads a program.
   * @param module the compiled engine
   * @param file static, for x86-64 or i386
   * @throws UserModeError `not-a-program`, `out-of-memory`
   */
  static async load(
    module: WebAssembly.Module,
    file: Uint8Array,
    options: ProgramOptions,
  ): Promise<UserProgram> {
    const program = readElfProgram(file);
    const machine = await X64Machine.create(module, options.ramBytes ?? 64 * MIB);
    return new UserProgram(machine, program, options);
  }

  /** What it has written so far. */
  get stdout(): Uint8Array {
    return this.#files.output;
  }

  get stderr(): Uint8Array {
    return this.#files.errors;
  }

  /** All files as they are now, by absolute path. */
  get files(): ReadonlyMap<string, Uint8Array> {
    return this.#files.contents();
  }

  /** The numbers of the system calls that it wanted and that are not there (ENOSYS). */
  get unknownCalls(): readonly number[] {
    return [...this.#unknownCalls].sort((a, b) => a - b);
  }

  /** Of the program's own, and of the harness's two for each system call by SYSCALL. */
  get instructions(): number {
    return Number(this.machine.processor.instructions - this.#instructionsBefore);
  }

  /**
   * Runs until the program ends.
   * @param budget the most instructions that are executed
   * @throws UserModeError `engine-stopped`
   */
  run(budget: number): ProgramEnd {
    const { processor } = this.machine;
    const last = this.instructions + budget;
    while (this.#end === undefined) {
      const left = last - this.instructions;
      if (left <= 0) return { outcome: "unfinished" };
      const end = processor.run(Math.min(left, MOST_AT_ONCE));
      if (end.reason === "halt" || this.#passesInterrupt(end)) this.#serve();
      else if (end.reason !== "budget") this.#end = this.#fault(end);
    }
    return this.#end;
  }

  /** Goes behind an INT 0x80 of a program of 32 bits. @returns whether it is one */
  #passesInterrupt(end: RunEnd): boolean {
    const { memory, programClass } = this.#process;
    if (programClass.bits !== 32 || end.reason !== "exception") return false;
    if (end.exception.vector !== SYSTEM_CALL_VECTOR) return false;
    const { processor } = this.machine;
    // A run ends before the instruction, which may have prefixes.
    for (let length = 2; length <= LONGEST_INSTRUCTION; length++) {
      const behind = processor.rip + BigInt(length);
      if (memory.read(Number(behind) - 2, 1)?.[0] !== INT) continue;
      processor.rip = behind;
      return true;
    }
    return false;
  }

  #serve(): void {
    const { processor } = this.machine;
    const { bits } = this.#process.programClass;
    const values = ARGUMENT_REGISTERS[bits].map((name) => this.#register(name));
    const args = new Arguments(values, bits);
    const number = Number(BigInt.asIntN(32, this.#register("rax")));
    const result = serveSystemCall(this.#process, number, args, (unknown) => {
      this.#unknownCalls.add(unknown);
    });
    processor.registers[REGISTERS.indexOf("rax")] = BigInt.asUintN(bits, result);
    const { end } = this.#process;
    if (end?.kind === "exited") this.#end = { outcome: "exited", status: end.status };
    else if (end?.kind === "killed") this.#end = { outcome: "killed", signal: end.signal };
  }

  #fault(end: RunEnd): ProgramEnd {
    const { rip } = this.machine.processor;
    const signal = end.reason === "exception" ? signalOf(end.exception.vector) : undefined;
    if (end.reason !== "exception" || signal === undefined || rip >= ENTRY_PAGE) {
      const what = end.reason === "exception" ? `exception ${end.exception.vector}` : end.reason;
      throw new UserModeError(
        "engine-stopped",
        `The engine has stopped at 0x${rip.toString(16)} with "${what}": no program can do that.`,
      );
    }
    const { vector, error, cr2 } = end.exception;
    return { outcome: "killed", signal, fault: { vector, error, rip, cr2 } };
  }

  /** Goes to the program's first instruction, with the registers as Linux leaves them. */
  #enter(entry: bigint, rsp: bigint): void {
    const { processor } = this.machine;
    processor.rip = ENTRY_PAGE;
    const prepared = processor.run(100);
    if (prepared.reason !== "halt") this.#fault(prepared);
    this.#set("rcx", entry);
    this.#set("r11", USER_FLAGS);
    const entered = processor.run(1);
    if (entered.reason !== "budget") this.#fault(entered);
    processor.registers.fill(0n);
    this.#set("rsp", rsp);
  }

  #register(name: RegisterName): bigint {
    return this.machine.processor.registers[REGISTERS.indexOf(name)] ?? 0n;
  }

  #set(name: RegisterName, value: bigint): void {
    this.machine.processor.registers[REGISTERS.indexOf(name)] = value;
  }

  #newProcess(parts: ProcessParts): Process {
    const { processor } = this.machine;
    const segments = processor.bytesOf("segments", 6 * SEGMENT_BYTES);
    const bases = new DataView(segments.buffer, segments.byteOffset, segments.byteLength);
    let seed = 1;
    return {
      ...parts,
      files: this.#files,
      pid: PID,
      uid: UID,
      currentBreak: parts.firstBreak,
      lowestMapping: parts.programClass.endOfAddresses - STACK_GAP,
      umask: 0o022,
      end: undefined,
      now: () => FIRST_SECOND * 1_000_000_000n + processor.instructions,
      randomBytes: (count) => {
        // A linear congruential generator (Numerical Recipes); its high bits are the better ones.
        const next = (): number => {
          seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
          return seed >>> 24;
        };
        return Uint8Array.from({ length: count }, next);
      },
      get fsBase() {
        return bases.getBigUint64(FS * SEGMENT_BYTES, true);
      },
      set fsBase(base) {
        bases.setBigUint64(FS * SEGMENT_BYTES, base, true);
      },
      get gsBase() {
        return bases.getBigUint64(GS * SEGMENT_BYTES, true);
      },
      set gsBase(base) {
        bases.setBigUint64(GS * SEGMENT_BYTES, base, true);
      },
    };
  }
}

/** What `/proc/self/exe` leads to: programs begin in `/`. */
function pathOf([name = ""]: readonly string[]): string {
  return name.startsWith("/") ? name : `/${name}`;
}
