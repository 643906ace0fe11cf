import type { Event } from "./emitter.js";

/** An instruction set the guest kernel is built for, by the name `uname -m` uses. */
export type Arch = "i686" | "x86_64";

/** One serial line of the machine, as the host holds its other end. */
export interface SerialPort {
  /** Sends bytes to the guest; they wait in the line until the guest reads them. */
  write(bytes: Uint8Array): void;
  /** Bytes that the guest wrote, in order, in chunks of any size. */
  readonly onOutput: Event<Uint8Array>;
}

/**
 * The processor's registers, zero-extended. 64-bit values need more than a double holds
 * exactly, so every register is a bigint, whatever the engine.
 */
export interface Registers {
  /** General-purpose registers by the manual's names (`eax` … or `rax` …). */
  readonly general: Readonly<Record<string, bigint>>;
  readonly instructionPointer: bigint;
  readonly stackPointer: bigint;
  readonly framePointer: bigint;
  readonly flags: bigint;
  readonly segments: Readonly<Record<string, number>>;
  readonly cr0: bigint;
  readonly cr2: bigint;
  readonly cr3: bigint;
  readonly cr4: bigint;
}

/** What the processor is doing, cheap enough to read after every few thousand instructions. */
export interface CpuSample {
  /** Linear address of the next instruction. */
  readonly instructionPointer: number;
  /** Stack pointer of the current privilege level. */
  readonly stackPointer: number;
  /** Current privilege level: 0 is the kernel, 3 is a program. */
  readonly privilegeLevel: number;
  /** The processor waits in HLT. */
  readonly halted: boolean;
  /** EFLAGS.IF. Halted with interrupts off, a processor without NMI never wakes. */
  readonly interruptsEnabled: boolean;
  /** Guest time, milliseconds since power-on. */
  readonly guestMs: number;
  /** Instructions executed since power-on or since the restored state was saved. */
  readonly instructions: number;
}

/** Why a machine can run no further. Only a restore brings it back. */
export type DeathCause =
  /** The guest reset the machine: a reboot, or a triple fault. */
  | { readonly kind: "reset" }
  /** The engine itself failed, for example by a recursion in guest code that it follows. */
  | { readonly kind: "engine-failure"; readonly error: Error };

/** A saved machine: the processor, memory and devices. */
export interface MachineState {
  /** Engine and its exact version: a state only fits the engine that made it. */
  readonly engine: string;
  /** Guest time when it was saved, milliseconds since power-on. */
  readonly guestMs: number;
  readonly bytes: Uint8Array;
}

/**
 * An address of the guest. Kernels of 64 bits keep theirs where a double has gaps, so what the
 * machine hands out is a bigint; it takes numbers as well.
 */
export type Address = number | bigint;

/** A stop before the instruction at an address, see {@link Machine.setBreakpoint}. */
export interface BreakpointHit {
  readonly address: bigint;
  readonly guestMs: number;
}

/** Whether a breakpoint can be hit. Code comes and goes with restores and with loaded modules. */
export type BreakpointState =
  | { readonly kind: "planted" }
  /**
   * It cannot be hit now, because nothing is mapped there or because other code stands there
   * than when it was set. It is planted again when that code is back, by a restore or because
   * the guest loads it again, within a second of running.
   */
  | { readonly kind: "inactive"; readonly because: "nothing-mapped" | "other-code" };

/** A breakpoint that was set; it is taken away by disposing of it. */
export interface Breakpoint extends Disposable {
  readonly address: bigint;
  readonly state: BreakpointState;
}

/** What became of one instruction, see {@link Machine.step}. */
export type StepResult =
  /** It was executed, or it faulted and its handler is about to begin. */
  | { readonly outcome: "stepped" }
  /**
   * The processor waits in HLT for an interrupt, and a step lets none in: further steps change
   * nothing, {@link Machine.run} goes on.
   */
  | { readonly outcome: "halted" }
  /** It reset the machine, or the engine failed at it. */
  | { readonly outcome: "died"; readonly cause: DeathCause };

/**
 * An emulated PC. It knows nothing of what runs on it. All methods may be called while it
 * runs: the engine and its caller share one thread, and a slice of guest execution always
 * ends at an instruction boundary before anybody else gets a turn.
 */
export interface Machine {
  readonly arch: Arch;
  /** Engine and exact version, as recorded in its saved states. */
  readonly engine: string;
  readonly memoryBytes: number;
  readonly serial: readonly SerialPort[];

  readonly running: boolean;
  /** Set once the machine can run no further; cleared by {@link restore}. */
  readonly dead: DeathCause | undefined;

  /**
   * Fires after each short burst of execution, and once when the processor goes idle: what the
   * guest had got to before pending interrupts were delivered.
   */
  readonly onSlice: Event<CpuSample>;
  readonly onDeath: Event<DeathCause>;

  run(): void;
  /** Stops at an instruction boundary. Guest time stands still until {@link run}. */
  pause(): void;
  /**
   * Executes exactly one instruction of a paused machine, in the kernel or in a program, and
   * hits no breakpoint. Interrupts are held off meanwhile, as they are by default when QEMU's
   * gdb stub steps: otherwise a step after a long stop would always end in the timer's handler.
   * A repeated string instruction may take several steps; each leaves its registers as the
   * processor would for an interrupt in the middle of it (Intel SDM vol. 2, "REP").
   * @throws MachineError `not-paused` while it runs, `dead` when it can run no further,
   *   `unsupported-step` where this build of the engine has no way to carry it out.
   */
  step(): StepResult;
  save(): MachineState;
  /**
   * Puts a paused machine back, also a dead one.
   * @throws MachineError `state-mismatch` when the state is of another engine or version.
   */
  restore(state: MachineState): Promise<void>;
  /** Frees the machine; it cannot be used again. */
  destroy(): void;

  sample(): CpuSample;
  registers(): Registers;
  /**
   * Changes a register.
   * @param name as in {@link Registers.general}, or `eip` and `eflags` (`rip` and `rflags`).
   * @throws MachineError `unknown-register`, also for those that the engine cannot change
   *   consistently (segments, control registers), or `bad-register-value`.
   */
  writeRegister(name: string, value: bigint): void;
  /** Copies guest-physical memory. @throws MachineError `bad-address` outside of it. */
  readPhysical(address: Address, length: number): Uint8Array;
  writePhysical(address: Address, bytes: Uint8Array): void;
  /**
   * Copies memory through the current page tables, with supervisor rights and without
   * setting accessed bits. Code is always the guest's own: breakpoints do not show in it.
   * @throws MachineError `bad-address` where nothing is mapped.
   */
  readVirtual(address: Address, length: number): Uint8Array;
  writeVirtual(address: Address, bytes: Uint8Array): void;

  /**
   * Calls `onHit` each time kernel code is about to execute the instruction at a linear
   * address; several may be set at one. Guest time stands still during the call, which may
   * read and write memory and registers. When it calls {@link pause}, the machine stays there
   * until {@link run} or {@link step}, which execute the instruction without a second hit.
   * @param address where an instruction begins.
   * @throws MachineError `bad-address` where nothing is mapped, `unsupported-breakpoint` where
   *   the engine cannot place one, as in the memory of programs.
   */
  setBreakpoint(address: Address, onHit: (hit: BreakpointHit) => void): Breakpoint;

  /** Calls back after `ms` of guest time, which passes only while the machine runs. */
  afterGuestMs(ms: number, callback: () => void): Disposable;
}

export type MachineErrorCode =
  | "bad-address"
  | "state-mismatch"
  | "unsupported-breakpoint"
  | "unsupported-step"
  | "unknown-register"
  | "bad-register-value"
  | "not-paused"
  | "dead"
  | "engine-failed-to-start"
  | "destroyed";

/** A request that the machine cannot carry out. */
export class MachineError extends Error {
  override readonly name = "MachineError";
  readonly code: MachineErrorCode;

  constructor(code: MachineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
