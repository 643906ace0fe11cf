import { type Clock, hostClock } from "./clock.js";
import { Emitter } from "./emitter.js";
import { GuestTimers } from "./guest-timers.js";
import { createHostTurn } from "./host-turn.js";
import { address32, Ia32Memory } from "./ia32-memory.js";
import {
  type Address,
  type Breakpoint,
  type BreakpointHit,
  type CpuSample,
  type DeathCause,
  type Machine,
  MachineError,
  type MachineState,
  type Registers,
  type StepResult,
} from "./machine.js";
import { PlantedCode } from "./planted-code.js";
import {
  MEMORY_BYTES,
  restoreV86,
  startV86,
  type V86Engine,
  type V86Options,
} from "./v86-engine.js";
import type { V86Core, V86CoreClass } from "./v86-internals.js";
import { readRegisters, writeRegister } from "./v86-registers.js";
import { V86SerialPort } from "./v86-serial-port.js";
import { V86Stepper } from "./v86-stepper.js";
import type { V86Views } from "./v86-views.js";

/** Must equal the version pinned in package.json: a saved state fits no other. */
export const V86_ENGINE = "v86@0.5.462";

/** So that an idle guest whose timer is due leaves the host a turn. */
const SHORTEST_IDLE_MS = 0.1;
const SERIAL_PORTS = 3;
const FLAGS_INTERRUPT = 1 << 9;
/** One burst of execution, as v86's TIME_PER_FRAME. */
const BURST_MS = 1;

export type { V86Options } from "./v86-engine.js";

/** Creates a machine and leaves it paused at power-on. */
export async function createV86Machine(options: V86Options): Promise<Machine> {
  const machine = new V86Machine(options);
  await machine.ready;
  return machine;
}

class V86Machine implements Machine {
  readonly arch = "i686";
  readonly engine = V86_ENGINE;
  readonly memoryBytes = MEMORY_BYTES;
  readonly serial: readonly V86SerialPort[];
  readonly ready: Promise<void>;

  readonly #slice = new Emitter<CpuSample>();
  readonly #death = new Emitter<DeathCause>();
  readonly onSlice = this.#slice.on;
  readonly onDeath = this.#death.on;

  readonly #options: V86Options;
  readonly #clock: Clock;
  readonly #powerOnUnixMs: number;
  readonly #timers = new GuestTimers();
  readonly #memory = new Ia32Memory({
    bytes: () => this.#views.mem8,
    paging: () => {
      const { cr } = this.#views;
      return { cr0: cr[0] ?? 0, cr3: cr[3] ?? 0, cr4: cr[4] ?? 0 };
    },
    written: (start, end) => this.#engine.cpu.jit_dirty_cache(start, end),
  });
  readonly #planted = new PlantedCode({
    memory: this.#memory,
    bytes: () => this.#views.mem8,
    written: (start, end) => this.#engine.cpu.jit_dirty_cache(start, end),
  });
  readonly #hostTurn = createHostTurn();
  #started: V86Engine | undefined;
  #stepper: V86Stepper | undefined;
  #running = false;
  #loopActive = false;
  #bursting = false;
  #nowMs = 0;
  #dead: DeathCause | undefined;
  #destroyed = false;
  #wake: (() => void) | undefined;
  #lastWords = "";
  /** What is executed is one instruction alone: no HLT is a breakpoint. */
  #stepping = false;
  /** The breakpoint that the processor stands at, and that has been hit. */
  #standingAt: number | undefined;
  #inCallback = false;
  #maskedAtBreakpoint = false;
  /** The instruction count at which the guest's own HLT was found to be waiting. */
  #haltedAt = Number.NaN;
  #beforeInterrupts: CpuSample | undefined;
  /** Nothing but the firmware has written to guest memory yet. */
  #untouched: boolean;
  #instructions = 0;
  #lastCounter = 0;

  constructor(options: V86Options) {
    this.#options = options;
    this.#clock = options.clock ?? hostClock();
    this.#powerOnUnixMs = options.powerOnUnixMs ?? Date.now();
    this.serial = Array.from({ length: SERIAL_PORTS }, () => new V86SerialPort());
    this.#untouched = options.boot === undefined;
    this.ready = this.#start(options);
  }

  get running(): boolean {
    return this.#running;
  }

  get dead(): DeathCause | undefined {
    return this.#dead;
  }

  async #start(options: V86Options): Promise<void> {
    this.#started = await startV86(options, {
      guestMs: () => this.#guestMs(),
      atTimers: (run) => this.#atTimers(run),
      said: (words) => {
        this.#lastWords = words;
      },
    });
    this.#takeOver(this.#started);
  }

  #atTimers(run: () => number): number {
    this.#beforeInterrupts = this.sample();
    // At one of our breakpoints no interrupt may get in between; #takeHit turns them on. They may
    // be raised, by the timers for example, and wait.
    if (this.#breakpointHit() !== undefined) {
      const { flags } = this.#views;
      this.#maskedAtBreakpoint ||= this.#beforeInterrupts.interruptsEnabled;
      flags[0] = (flags[0] ?? 0) & ~FLAGS_INTERRUPT;
    }
    return this.#stepping ? 0 : run();
  }

  #takeOver({ core, exports, views }: V86Engine): void {
    const { cpu } = core;
    this.#stepper = new V86Stepper(views, exports, this.#memory, this.#planted);
    this.#memory.cover(this.#planted);
    this.#lastCounter = views().instruction_counter[0] ?? 0;
    cpu.stop_idling = () => this.#wakeUp();
    const raise = cpu.device_raise_irq;
    cpu.device_raise_irq = (line) => {
      if (this.#running && this.#standingAt === undefined) raise(line);
      else this.#withInterruptsOff(() => raise(line));
    };
    cpu.reboot_internal = () => this.#die({ kind: "reset" });
    // Saved with the state, but of use only to the timer that is replaced here.
    cpu.devices.rtc.last_update = 0;
    cpu.devices.rtc.timer = () => {
      cpu.devices.rtc.rtc_time = this.#powerOnUnixMs + this.#guestMs();
      return 100; // v86's longest idle; Linux uses no RTC interrupt here.
    };
    const uarts = [cpu.devices.uart0, cpu.devices.uart1, cpu.devices.uart2];
    for (const [index, uart] of uarts.entries()) {
      this.serial[index]?.connect(uart, () => this.#wakeUp());
    }
    this.#enter(() => cpu.devices.rtc.timer());
  }

  get #engine(): V86Core {
    return this.#alive.core;
  }

  get #views(): V86Views {
    return this.#alive.views();
  }

  get #alive(): V86Engine {
    if (this.#destroyed || this.#started === undefined) {
      throw new MachineError("destroyed", "This machine was destroyed; create a new one.");
    }
    return this.#started;
  }

  /** Runs engine code with v86's static clock pointing at this machine. */
  #enter<T>(body: () => T): T {
    const coreClass = this.#engine.constructor as unknown as V86CoreClass;
    const outer = coreClass.microtick;
    coreClass.microtick = () => this.#guestMs();
    try {
      return body();
    } finally {
      coreClass.microtick = outer;
    }
  }

  /**
   * Stands still between a pause and the next run, and at a breakpoint, but never within a burst:
   * v86 ends it by time.
   */
  #guestMs(): number {
    if ((this.#running && !this.#inCallback) || this.#bursting) {
      this.#nowMs = this.#clock.now(this.#countInstructions());
    }
    return this.#nowMs;
  }

  /** v86 counts in 32 bits, which are full after some ten seconds. */
  #countInstructions(): number {
    const counter = this.#started?.views().instruction_counter[0] ?? 0;
    this.#instructions += (counter - this.#lastCounter) >>> 0;
    this.#lastCounter = counter;
    return this.#instructions;
  }

  run(): void {
    if (this.#dead !== undefined || this.#running) return;
    void this.#engine;
    this.#running = true;
    this.#untouched = false;
    this.#clock.resume(this.#countInstructions());
    if (!this.#loopActive) void this.#loop();
  }

  pause(): void {
    this.#running = false;
    this.#wakeUp();
  }

  async #loop(): Promise<void> {
    this.#loopActive = true;
    try {
      while (this.#running) {
        const idleMs = this.#burst();
        if (this.#running && idleMs > 0) await this.#idle(idleMs);
        else await this.#hostTurn();
      }
    } catch (cause) {
      // A listener threw: the guest's bytes or events are lost to it, so it cannot go on.
      this.#die(engineFailure(cause));
    } finally {
      this.#loopActive = false;
    }
  }

  /**
   * Executes for about a millisecond of guest time, v86's TIME_PER_FRAME. One such burst a turn
   * of the host: what the host does in answer reaches the guest after the same instruction in
   * each run of a deterministic clock.
   * @returns how long the processor has nothing to do, milliseconds.
   */
  #burst(): number {
    this.#planted.tendSome();
    const startMs = this.#guestMs();
    let idleMs = 0;
    do {
      this.#bursting = true;
      idleMs = this.#guarded(() => this.#execute()) ?? 0;
      this.#bursting = false;
      // A hit costs some 5 us of processor time (Node 20, 2 cores of a shared server); a turn of
      // the host after each would make that 46. So time ends the burst, not the number of hits.
    } while (this.#takeHit() && this.#running && this.#guestMs() - startMs < BURST_MS);
    for (const port of this.serial) port.flush();
    if (this.#dead !== undefined || this.#destroyed) return 0;
    // Not where an interrupt has just taken it, but where the guest had got to by itself.
    const sample = this.#beforeInterrupts ?? this.sample();
    this.#beforeInterrupts = undefined;
    this.#timers.fire(sample.guestMs);
    this.#slice.emit(sample);
    // A listener may have woken the guest, or destroyed it.
    return this.#running && this.sample().halted ? Math.max(idleMs, SHORTEST_IDLE_MS) : 0;
  }

  #execute(): number {
    const { in_hlt, instruction_counter } = this.#views;
    const standing = this.#standingAt === this.#instructionPointer;
    this.#standingAt = undefined;
    if (standing) this.#stepOver();
    this.#haltedAt = in_hlt[0] === 1 ? (instruction_counter[0] ?? 0) : Number.NaN;
    return this.#engine.cpu.main_loop();
  }

  #stepOver(): void {
    let interruptible = false;
    this.#step((stepper) => {
      interruptible = stepper.execute("delivered");
    });
    // main_loop looks for interrupts only after the next 100,000 instructions, or at the next
    // breakpoint, which lets none in.
    if (interruptible && this.#views.in_hlt[0] === 0) this.#alive.exports.handle_irqs();
  }

  /** A stopped processor stays where it is, whatever arrives; then it finds the interrupt pending. */
  #withInterruptsOff(body: () => void): void {
    const { flags } = this.#views;
    const enabled = (flags[0] ?? 0) & FLAGS_INTERRUPT;
    flags[0] = (flags[0] ?? 0) & ~FLAGS_INTERRUPT;
    try {
      body();
    } finally {
      flags[0] |= enabled;
    }
  }

  #step(execute: (stepper: V86Stepper) => void): void {
    if (this.#stepper === undefined) return;
    this.#stepping = true;
    try {
      execute(this.#stepper);
    } finally {
      this.#stepping = false;
    }
  }

  /** Runs engine code; what it throws is the end of this engine. */
  #guarded<T>(body: () => T): T | undefined {
    try {
      return this.#enter(body);
    } catch (cause) {
      this.#die(engineFailure(cause, this.#lastWords));
      return undefined;
    }
  }

  /** Waits for the guest's next timer, or ours, or input. */
  async #idle(idleMs: number): Promise<void> {
    const until = Math.min(idleMs, this.#timers.untilNext(this.#guestMs()));
    const hostMs = this.#clock.idle(until, this.#countInstructions());
    if (hostMs < 1) return this.#hostTurn();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, hostMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  #wakeUp(): void {
    this.#wake?.();
  }

  #die(cause: DeathCause): void {
    if (this.#dead !== undefined) return;
    this.#dead = cause;
    this.pause();
    this.#death.emit(cause);
  }

  save(): MachineState {
    const core = this.#engine;
    return this.#enter(() =>
      this.#planted.withoutAll(() => ({
        engine: this.engine,
        guestMs: this.#guestMs(),
        bytes: new Uint8Array(core.save_state()),
      })),
    );
  }

  async restore(state: MachineState): Promise<void> {
    if (state.engine !== this.engine) {
      throw new MachineError(
        "state-mismatch",
        `This saved state was made by ${state.engine}, and this is ${this.engine}. ` +
          "A state only fits the very version that made it: make it anew.",
      );
    }
    if (this.#dead?.kind === "engine-failure") {
      // A WebAssembly that trapped in the middle of an instruction is not to be entered again.
      const { boot: _, ...withoutBoot } = this.#options;
      this.#untouched = true;
      await this.#start(withoutBoot);
    }
    const core = this.#engine;
    const before = this.#guestMs();
    this.#clock.set(state.guestMs, this.#countInstructions());
    this.#nowMs = state.guestMs;
    this.#timers.shift(state.guestMs - before);
    // In a new engine no breakpoint is planted yet.
    this.#enter(() => restoreV86(core, state.bytes, this.#untouched));
    this.#untouched = false;
    for (const port of this.serial) port.clear();
    this.#standingAt = undefined;
    this.#maskedAtBreakpoint = false;
    this.#planted.plantAll();
    this.#dead = undefined;
    this.#lastWords = "";
  }

  destroy(): void {
    this.pause();
    this.#planted.forget();
    this.#started?.core.destroy();
    this.#destroyed = true;
    this.#started = undefined;
  }

  sample(): CpuSample {
    const { instruction_pointer, reg32, cpl, in_hlt, flags } = this.#views;
    return {
      instructionPointer: (instruction_pointer[0] ?? 0) >>> 0,
      stackPointer: (reg32[4] ?? 0) >>> 0,
      privilegeLevel: cpl[0] ?? 0,
      halted: in_hlt[0] === 1,
      interruptsEnabled: ((flags[0] ?? 0) & FLAGS_INTERRUPT) !== 0,
      guestMs: this.#guestMs(),
      instructions: this.#countInstructions(),
    };
  }

  registers(): Registers {
    return readRegisters(this.#views, this.#engine.cpu.get_eflags());
  }

  writeRegister(name: string, value: bigint): void {
    writeRegister(this.#engine.cpu, name, value);
  }

  readPhysical(address: Address, length: number): Uint8Array {
    return this.#memory.readPhysical(address, length);
  }

  writePhysical(address: Address, bytes: Uint8Array): void {
    this.#untouched = false;
    this.#memory.writePhysical(address, bytes);
  }

  readVirtual(address: Address, length: number): Uint8Array {
    return this.#memory.readLinear(address, length);
  }

  writeVirtual(address: Address, bytes: Uint8Array): void {
    this.#untouched = false;
    this.#memory.writeLinear(address, bytes);
  }

  setBreakpoint(address: Address, onHit: (hit: BreakpointHit) => void): Breakpoint {
    void this.#engine;
    this.#untouched = false;
    const linear = address32(address);
    this.#memory.lookUp(linear);
    this.#stepper?.check(linear, "unsupported-breakpoint");
    return this.#planted.set(linear, onHit);
  }

  step(): StepResult {
    const { in_hlt, instruction_counter } = this.#views;
    if (this.#running) {
      throw new MachineError("not-paused", "Pause the machine first; it runs by itself now.");
    }
    if (this.#dead !== undefined) {
      throw new MachineError("dead", "This machine can run no further; restore a saved state.");
    }
    if (in_hlt[0] === 1) return { outcome: "halted" };
    this.#stepper?.check(this.#instructionPointer, "unsupported-step");
    // At a breakpoint its HLT has been counted in the place of the instruction.
    if (this.#standingAt !== this.#instructionPointer) {
      instruction_counter[0] = (instruction_counter[0] ?? 0) + 1;
    }
    this.#standingAt = undefined;
    this.#untouched = false;
    this.#guarded(() => this.#step((stepper) => stepper.execute("pending")));
    for (const port of this.serial) port.flush();
    const cause = this.dead;
    if (cause !== undefined) return { outcome: "died", cause };
    return { outcome: this.#views.in_hlt[0] === 1 ? "halted" : "stepped" };
  }

  get #instructionPointer(): number {
    return (this.#views.instruction_pointer[0] ?? 0) >>> 0;
  }

  /** The address of the breakpoint whose HLT the processor has just executed. */
  #breakpointHit(): number | undefined {
    if (this.#planted.isEmpty || this.#stepping || this.#destroyed) return undefined;
    const { in_hlt, instruction_counter } = this.#views;
    if (in_hlt[0] !== 1 || instruction_counter[0] === this.#haltedAt) return undefined;
    const address = (this.#instructionPointer - 1) >>> 0;
    return this.#planted.hitAt(address) && address;
  }

  /**
   * Takes the processor back to before the instruction at a breakpoint, and tells those who wait
   * there.
   * @returns whether it stood at one.
   */
  #takeHit(): boolean {
    const address = this.#breakpointHit();
    if (address === undefined) return false;
    const { in_hlt, instruction_pointer, flags } = this.#views;
    in_hlt[0] = 0;
    instruction_pointer[0] = address;
    if (this.#maskedAtBreakpoint) flags[0] = (flags[0] ?? 0) | FLAGS_INTERRUPT;
    this.#maskedAtBreakpoint = false;
    // It shows the planted HLT.
    this.#beforeInterrupts = undefined;
    this.#standingAt = address;
    const guestMs = this.#guestMs();
    this.#inCallback = true;
    try {
      this.#planted.emit(address, guestMs);
    } finally {
      this.#inCallback = false;
      // The time that the callback took was not the guest's.
      this.#clock.resume(this.#countInstructions());
    }
    return this.#dead === undefined && !this.#destroyed;
  }

  afterGuestMs(ms: number, callback: () => void): Disposable {
    const timer = this.#timers.after(this.#guestMs(), ms, callback);
    this.#wakeUp();
    return timer;
  }
}

function engineFailure(cause: unknown, lastWords = ""): DeathCause {
  const message = cause instanceof Error ? cause.message : String(cause);
  const error = new Error([message, lastWords].filter(Boolean).join(": "), { cause });
  return { kind: "engine-failure", error };
}
