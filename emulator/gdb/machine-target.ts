import { Emitter } from "../machine/emitter.js";
import { type Machine, MachineError } from "../machine/machine.js";
import { GdbError, type GdbErrorCode } from "./gdb-error.js";
import { SIGNALS } from "./stop-reply.js";
import type { Cpu, GdbTarget, Stop } from "./target.js";
import { instructionPointerName } from "./target-description.js";

/** Memory is mapped, or is not, by so much at least. */
const PAGE_BYTES = 4096n;

/** It can run no further; only a restore brings it back. */
const DEAD: Stop = { kind: "signal", signal: SIGNALS.SIGKILL };

export interface MachineTargetOptions {
  /** What the processor does, for `info threads`. */
  readonly describeCpu?: () => string;
  /** Whether the guest is not to be left running: it has frozen or panicked. */
  readonly isStuck?: () => boolean;
}

/** A machine as a debugger's target. */
export class MachineTarget implements GdbTarget {
  readonly #machine: Machine;
  readonly #options: MachineTargetOptions;
  readonly #stops = new Emitter<Stop>();
  readonly onStop = this.#stops.on;
  readonly #listening: Disposable;
  /** The debugger has let it run. */
  #resumed = false;
  /** It ran by itself before the debugger came. */
  #foundRunning = false;
  /** Ends a step over HLT. */
  #behindHalt: Disposable | undefined;

  constructor(machine: Machine, options: MachineTargetOptions = {}) {
    this.#machine = machine;
    this.#options = options;
    this.#listening = machine.onDeath(() => this.#stopped(DEAD));
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
  }

  get arch(): Machine["arch"] {
    return this.#machine.arch;
  }

  get cpus(): readonly Cpu[] {
    return [{ id: 1, description: this.#options.describeCpu?.() ?? "" }];
  }

  get instructionPointer(): bigint {
    return this.#machine.registers().instructionPointer;
  }

  /**
   * Whoever watches over the guest has paused the machine, or sees a reason to look at it now.
   * @param signal as gdb numbers them.
   */
  stopFor(signal: number): void {
    this.#stopped({ kind: "signal", signal });
  }

  readRegisters(): ReadonlyMap<string, bigint> {
    const registers = this.#machine.registers();
    const { cr0, cr2, cr3, cr4 } = registers;
    return new Map([
      ...Object.entries(registers.general),
      ...Object.entries(registers.segments).map(([name, value]) => [name, BigInt(value)] as const),
      [instructionPointerName(this.arch), registers.instructionPointer],
      ["eflags", registers.flags],
      ...Object.entries({ cr0, cr2, cr3, cr4 }),
    ]);
  }

  writeRegister(name: string, value: bigint): void {
    translated("bad-register", () => this.#machine.writeRegister(name, value));
  }

  readMemory(address: bigint, length: number): Uint8Array {
    const pieces: Uint8Array[] = [];
    const end = address + BigInt(length);
    let at = address;
    try {
      while (at < end) {
        const pageEnd = (at / PAGE_BYTES + 1n) * PAGE_BYTES;
        const pieceEnd = pageEnd < end ? pageEnd : end;
        pieces.push(this.#machine.readVirtual(at, Number(pieceEnd - at)));
        at = pieceEnd;
      }
    } catch (error) {
      if (pieces.length === 0) throw translate("bad-address", error);
    }
    return joined(pieces);
  }

  writeMemory(address: bigint, bytes: Uint8Array): void {
    if (this.readMemory(address, bytes.length).length < bytes.length) {
      throw new GdbError("bad-address", "Not all of that memory is mapped.");
    }
    translated("bad-address", () => this.#machine.writeVirtual(address, bytes));
  }

  setBreakpoint(address: bigint, hardware: boolean): Disposable {
    return translated("no-breakpoint", () =>
      this.#machine.setBreakpoint(address, () => {
        if (!this.#resumed) return;
        this.#machine.pause();
        this.#stopped({ kind: "breakpoint", hardware });
      }),
    );
  }

  hold(): void {
    if (!this.#machine.running || this.#resumed) return;
    this.#foundRunning = true;
    this.#machine.pause();
  }

  release(): void {
    this.#resumed = false;
    this.#forgetHalt();
    const stuck = this.#options.isStuck?.() === true;
    if (this.#foundRunning && !stuck) this.#machine.run();
    else this.#machine.pause();
    this.#foundRunning = false;
  }

  step(): Stop | undefined {
    if (this.#machine.dead !== undefined) return DEAD;
    const result = translated("failed", () => this.#machine.step());
    switch (result.outcome) {
      case "stepped":
        return { kind: "stepped" };
      case "died":
        return DEAD;
      case "halted":
        this.#runBehindHalt();
        return undefined;
    }
  }

  resume(): void {
    this.#resumed = true;
    this.#machine.run();
    // It does not run, and nobody would ever say that it has stopped.
    if (this.#machine.dead !== undefined) this.#stopped(DEAD);
  }

  /**
   * The instruction to step over is HLT, which ends with an interrupt, and a step lets none in:
   * run until the interrupt's handler has come back to the one behind it.
   */
  #runBehindHalt(): void {
    this.#behindHalt = translated("failed", () =>
      this.#machine.setBreakpoint(this.instructionPointer, () =>
        this.#stopped({ kind: "stepped" }),
      ),
    );
    this.#resumed = true;
    this.#machine.run();
  }

  interrupt(): void {
    this.#machine.pause();
    this.#stopped({ kind: "interrupted" });
  }

  #stopped(stop: Stop): void {
    if (!this.#resumed) return;
    this.#resumed = false;
    this.#machine.pause();
    this.#forgetHalt();
    this.#stops.emit(stop);
  }

  #forgetHalt(): void {
    this.#behindHalt?.[Symbol.dispose]();
    this.#behindHalt = undefined;
  }
}

/** Errors of the machine in the terms of the protocol; others are not the debugger's doing. */
function translated<T>(code: GdbErrorCode, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw translate(code, error);
  }
}

function translate(code: GdbErrorCode, cause: unknown): unknown {
  return cause instanceof MachineError ? new GdbError(code, cause.message, { cause }) : cause;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return only;
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
