import { disposable, Emitter } from "../../machine/emitter.js";
import type { Arch } from "../../machine/machine.js";
import { GdbError } from "../gdb-error.js";
import type { Cpu, GdbTarget, Stop } from "../target.js";
import { instructionPointerName } from "../target-description.js";

/** Where the fake target's only memory lies. */
export const MEMORY_START = 0xc000_0000n;
export const MEMORY_BYTES = 0x1_0000;

/** A processor whose every instruction is one byte long and does nothing. */
export class FakeTarget implements GdbTarget {
  readonly arch: Arch;
  readonly cpus: readonly Cpu[] = [{ id: 1, description: "a.out <7>" }];
  readonly memory = new Uint8Array(MEMORY_BYTES);
  readonly registers = new Map<string, bigint>();
  readonly breakpoints = new Set<bigint>();
  readonly #stops = new Emitter<Stop>();
  readonly onStop = this.#stops.on;
  readonly #start: bigint;
  /** The debugger has let it run. */
  resumed = false;
  /** It runs by itself. */
  running = true;
  steps = 0;
  /** It waits in HLT, which takes its time. */
  halted = false;

  constructor(arch: Arch = "i686", start = MEMORY_START) {
    this.arch = arch;
    this.#start = start;
    this.instructionPointer = start;
    this.registers.set("cs", 0x60n).set("eflags", 0x246n).set("cr3", 0x1234000n);
  }

  get instructionPointer(): bigint {
    return this.registers.get(instructionPointerName(this.arch)) ?? 0n;
  }
  set instructionPointer(value: bigint) {
    this.registers.set(instructionPointerName(this.arch), value);
  }

  readRegisters(): ReadonlyMap<string, bigint> {
    return this.registers;
  }

  writeRegister(name: string, value: bigint): void {
    if (name.startsWith("cr")) throw new GdbError("bad-register", `${name} cannot be written.`);
    this.registers.set(name, value);
  }

  readMemory(address: bigint, length: number): Uint8Array {
    const offset = Number(address - this.#start);
    if (offset < 0 || offset >= this.memory.length) {
      throw new GdbError("bad-address", "Nothing is mapped there.");
    }
    return this.memory.slice(offset, offset + length);
  }

  writeMemory(address: bigint, bytes: Uint8Array): void {
    if (this.readMemory(address, bytes.length).length < bytes.length) {
      throw new GdbError("bad-address", "Not all of it is mapped.");
    }
    this.memory.set(bytes, Number(address - this.#start));
  }

  setBreakpoint(address: bigint): Disposable {
    this.readMemory(address, 1);
    this.breakpoints.add(address);
    return disposable(() => this.breakpoints.delete(address));
  }

  hold(): void {
    this.running = false;
  }

  release(): void {
    this.resumed = false;
    this.running = true;
  }

  step(): Stop | undefined {
    if (this.halted) {
      this.resumed = true;
      return undefined;
    }
    this.steps++;
    this.instructionPointer++;
    return { kind: "stepped" };
  }

  resume(): void {
    this.resumed = true;
  }

  interrupt(): void {
    this.stop({ kind: "interrupted" });
  }

  /** What happens while it runs. */
  stop(stop: Stop): void {
    this.resumed = false;
    this.#stops.emit(stop);
  }
}
