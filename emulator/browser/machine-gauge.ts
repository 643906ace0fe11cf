import { describeEnd, type Freeze, type Lab } from "../lab/index.js";
import type { PlaceFinder } from "./place-finder.js";
import type { MachineStatus } from "./protocol.js";

/** How often the machine is looked at. */
const PERIOD_MS = 250;
/** Of its time, above which a processor is not called idle: a timer tick is less, a key a little. */
const BUSY_SHARE = 0.1;
/** An idle guest's clock is told so often. */
const IDLE_TELLS_MS = 1000;
/** Looks in a row that find the kernel at work before its symbols are worth their download. */
const LOOKS_FOR_SYMBOLS = 4;

type State = MachineStatus["state"];

/** Looks at the machine from outside, a few times a second, and tells what it is doing. */
export class MachineGauge implements Disposable {
  readonly #lab: Lab;
  readonly #places: PlaceFinder;
  readonly #tell: (status: MachineStatus) => void;
  readonly #listening: Disposable[];
  readonly #timer: ReturnType<typeof setInterval>;
  #lastLook: { readonly hostMs: number; readonly guestMs: number; readonly instructions: number };
  #instructionsPerSecond = 0;
  /** Guest time at the last slice, and how much since the last look the processor was at work. */
  #sliceMs: number;
  #busyMs = 0;
  #isBusy = false;
  #kernelLooks = 0;
  /** In the kernel, where it was at the end of the last slice; undefined in a program. */
  #kernelAddress: number | undefined;
  /** The guest went back, and has not run since. */
  #wentBack = false;
  #told: { readonly status: MachineStatus; readonly hostMs: number } | undefined;

  constructor(lab: Lab, places: PlaceFinder, tell: (status: MachineStatus) => void) {
    this.#lab = lab;
    this.#places = places;
    this.#tell = tell;
    this.#lastLook = this.#readings();
    this.#sliceMs = this.#lastLook.guestMs;
    this.#listening = [
      lab.machine.onSlice((sample) => {
        if (!sample.halted) this.#busyMs += Math.max(0, sample.guestMs - this.#sliceMs);
        this.#sliceMs = sample.guestMs;
        this.#kernelAddress = sample.privilegeLevel === 0 ? sample.instructionPointer : undefined;
        if (this.#wentBack) this.#lookAndTell();
      }),
      lab.onDoom(() => this.#lookAndTell()),
      lab.onVerdict(() => this.#lookAndTell()),
      places.onChange(() => this.#lookAndTell()),
    ];
    this.#timer = setInterval(() => this.#onPeriod(), PERIOD_MS);
    this.#lookAndTell();
  }

  /** The guest went back to a checkpoint. */
  reset(): void {
    this.#lastLook = this.#readings();
    this.#sliceMs = this.#lastLook.guestMs;
    this.#busyMs = 0;
    this.#instructionsPerSecond = 0;
    this.#kernelAddress = undefined;
    this.#isBusy = false;
    this.#wentBack = true;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    for (const item of this.#listening) item[Symbol.dispose]();
  }

  #onPeriod(): void {
    const last = this.#lastLook;
    const now = this.#readings();
    this.#lastLook = now;
    const hostMs = Math.max(1, now.hostMs - last.hostMs);
    const instructions = Math.max(0, now.instructions - last.instructions);
    this.#instructionsPerSecond = Math.round((instructions * 1000) / hostMs);
    this.#isBusy = this.#busyMs >= BUSY_SHARE * (now.guestMs - last.guestMs);
    this.#busyMs = 0;
    const isInKernel = this.#isBusy && this.#kernelAddress !== undefined;
    this.#kernelLooks = isInKernel ? this.#kernelLooks + 1 : 0;
    if (this.#kernelLooks >= LOOKS_FOR_SYMBOLS) this.#places.load();
    // Told as soon as it runs again.
    if (this.#wentBack) return;
    const status = this.#status();
    if (this.#isNews(status, now.hostMs)) this.#tellStatus(status);
  }

  #lookAndTell(): void {
    this.#tellStatus(this.#status());
  }

  #tellStatus(status: MachineStatus): void {
    this.#wentBack = false;
    this.#told = { status, hostMs: performance.now() };
    this.#tell(status);
  }

  #isNews(status: MachineStatus, hostMs: number): boolean {
    if (this.#told === undefined) return true;
    const { status: before, hostMs: toldMs } = this.#told;
    if (status.state !== before.state || status.place !== before.place) return true;
    if (status.guestMs === before.guestMs) return false;
    return status.state !== "idle" || hostMs - toldMs >= IDLE_TELLS_MS;
  }

  #readings(): { hostMs: number; guestMs: number; instructions: number } {
    const { guestMs, instructions } = this.#lab.machine.sample();
    return { hostMs: performance.now(), guestMs, instructions };
  }

  #status(): MachineStatus {
    const state = this.#state();
    const { doom } = this.#lab;
    const freeze = doom?.outcome === "frozen" ? doom.freeze : undefined;
    // Asked for where it matters: the download is worth it.
    if (state === "frozen" || state === "stalled") this.#places.load();
    const address = freeze?.instructionPointer ?? this.#kernelAddress;
    const isAtWork = state === "running" || state === "idle" || state === "stalled";
    return {
      state,
      instructionsPerSecond: isAtWork ? this.#instructionsPerSecond : 0,
      guestMs: this.#lab.machine.sample().guestMs,
      place: address === undefined ? undefined : this.#places.find(address),
      ...(freeze && { freeze: describeFreeze(freeze) }),
      ...(doom?.outcome === "panic" && { message: `The kernel panicked: ${doom.message}.` }),
      ...(doom?.outcome === "dead" && { message: describeEnd(doom.cause) }),
    };
  }

  #state(): State {
    const { doom, verdict, machine } = this.#lab;
    switch (doom?.outcome) {
      case "frozen":
        return "frozen";
      case "panic":
        return "panicked";
      case "dead":
        return "dead";
    }
    if (verdict.state === "stalled") return "stalled";
    if (!machine.running) return "paused";
    return this.#isBusy ? "running" : "idle";
  }
}

function describeFreeze({
  reason,
  silentMs,
  interruptsEnabled,
}: Freeze): NonNullable<MachineStatus["freeze"]> {
  return { reason, silentMs, interruptsEnabled };
}
