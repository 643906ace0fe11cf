import type { Event } from "../machine/emitter.js";
import type { Arch } from "../machine/machine.js";

/** Why a target that was running stands still. Numbers of signals are gdb's (`gdb/signals.def`). */
export type Stop =
  | { readonly kind: "breakpoint"; readonly hardware: boolean }
  /** A step has been made. */
  | { readonly kind: "stepped" }
  /** The debugger asked for it, or somebody else paused the machine. */
  | { readonly kind: "interrupted" }
  /** It got into a state that is worth a look: it froze, panicked or died. */
  | { readonly kind: "signal"; readonly signal: number };

/** One processor, which the debugger shows as a thread. */
export interface Cpu {
  /** From 1: the protocol keeps 0 for "any" and -1 for "all". */
  readonly id: number;
  /** What stands behind it in `info threads`, for example the task that it runs. */
  readonly description: string;
}

/**
 * What the debugger needs of what it debugs. Addresses are linear, and looked up in the page
 * tables of the moment. Everything but
 * {@link interrupt} is only called while the target stands still.
 */
export interface GdbTarget {
  readonly arch: Arch;
  readonly cpus: readonly Cpu[];
  /** The target has stopped after {@link resume}. */
  readonly onStop: Event<Stop>;
  /** The address of the next instruction. */
  readonly instructionPointer: bigint;

  /** By the manual's names, in lower case. Names that it does not know are not to be had. */
  readRegisters(): ReadonlyMap<string, bigint>;
  /** @throws GdbError when the register is not to be written. */
  writeRegister(name: string, value: bigint): void;
  /**
   * Reads up to `length` bytes, fewer where what follows is not mapped.
   * @throws GdbError when there is nothing at `address`.
   */
  readMemory(address: bigint, length: number): Uint8Array;
  /**
   * Writes all of the bytes or none.
   * @throws GdbError where something is not mapped.
   */
  writeMemory(address: bigint, bytes: Uint8Array): void;
  /**
   * Stops in front of the instruction at `address` until disposed of.
   * @throws GdbError where none can be had.
   */
  setBreakpoint(address: bigint, hardware: boolean): Disposable;

  /** Makes it stand still for the debugger's requests, if somebody else lets it run. */
  hold(): void;
  /** The debugger has gone: the target does again what it did when it was found. */
  release(): void;

  /**
   * Executes one instruction. The debugger looks at where it led by itself.
   * @returns undefined for one that takes its time: {@link onStop} follows.
   */
  step(): Stop | undefined;
  /** Runs until {@link onStop}. */
  resume(): void;
  /** Stops a running target; {@link onStop} follows. */
  interrupt(): void;
}
