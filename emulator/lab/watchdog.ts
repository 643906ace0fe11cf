import type { ControlLine, KernelRecord } from "../console/index.js";
import { Emitter } from "../machine/emitter.js";
import type { Machine } from "../machine/machine.js";
import { FreezeDetector, type FreezeVerdict } from "./freeze-detector.js";
import type { KernelProbe } from "./kernel-facts.js";
import type { Doom } from "./outcome.js";

/** How long a panicked kernel may go on printing its trace, guest milliseconds. */
const PANIC_PRINTS_FOR_MS = 500;

/** kernel/watchdog.c, watchdog_timer_fn(): no task could run for twice watchdog_thresh. */
const SOFT_LOCKUP = /^watchdog: BUG: soft lockup - CPU#\d+ stuck/;

/** Watches over a guest from outside and says when it can answer no more. */
export class Watchdog {
  readonly #machine: Machine;
  readonly #probe: KernelProbe;
  readonly #control: ControlLine;
  readonly #detector = new FreezeDetector();
  readonly #doomed = new Emitter<Doom>();
  readonly #verdicts = new Emitter<FreezeVerdict>();
  readonly #listening: Disposable[];
  readonly onDoom = this.#doomed.on;
  /** Fires when the verdict changes its state. */
  readonly onVerdict = this.#verdicts.on;
  #doom: Doom | undefined;
  #panic: string | undefined;
  #panicTimer: Disposable | undefined;
  #pinging = false;
  #shutDown = false;

  constructor(machine: Machine, probe: KernelProbe, control: ControlLine) {
    this.#machine = machine;
    this.#probe = probe;
    this.#control = control;
    this.#listening = [
      machine.onSlice((sample) => this.#onSlice(sample)),
      machine.onDeath((cause) => this.#declare({ outcome: "dead", cause })),
      ...machine.serial.map(({ onOutput }) => onOutput(() => this.#detector.output())),
    ];
  }

  get doom(): Doom | undefined {
    return this.#doom;
  }

  get verdict(): FreezeVerdict {
    return this.#detector.verdict;
  }

  /** The kernel log is where a panic announces itself, and where the kernel says it is stuck. */
  kernelRecord({ text }: KernelRecord): void {
    if (SOFT_LOCKUP.test(text)) this.#detector.reportedStuck();
    // kernel/panic.c: panic() prints this line first and, at the end of its report, the
    // same words between "---[ end" and "]---".
    const announced = /^Kernel panic - not syncing: (.*)/.exec(text)?.[1];
    if (announced !== undefined && this.#panic === undefined) {
      this.#panic = announced;
      this.#panicTimer = this.#machine.afterGuestMs(PANIC_PRINTS_FOR_MS, () => this.#panicked());
    }
    if (text.startsWith("---[ end Kernel panic")) this.#panicked();
    // kernel/reboot.c: the last words of kernel_halt() and kernel_power_off(). Without ACPI
    // both end in a halted processor, which is no freeze when it was asked for.
    if (/^reboot: (System halted|Power down)/.test(text)) this.#shutDown = true;
  }

  /** The guest was put back to a good state. */
  reset(): void {
    this.#panicTimer?.[Symbol.dispose]();
    this.#panicTimer = undefined;
    this.#panic = undefined;
    this.#doom = undefined;
    this.#pinging = false;
    this.#shutDown = false;
    this.#detector.reset();
  }

  [Symbol.dispose](): void {
    this.reset();
    for (const listening of this.#listening) listening[Symbol.dispose]();
  }

  #onSlice(sample: Parameters<KernelProbe["sample"]>[0]): void {
    // The loop at the end of panic() is how it ends, and no freeze.
    if (this.#doom !== undefined || this.#panic !== undefined) return;
    const before = this.#detector.verdict.state;
    const verdict = this.#detector.sample(this.#probe.sample(sample));
    if (verdict.state !== before && !this.#shutDown) this.#verdicts.emit(verdict);
    if (verdict.state === "frozen") {
      this.#declare(
        this.#shutDown
          ? { outcome: "dead", cause: { kind: "halted" } }
          : { outcome: "frozen", freeze: verdict.freeze },
      );
    }
    if (this.#detector.wantsPing) this.#ping();
  }

  #ping(): void {
    if (this.#pinging) return;
    this.#pinging = true;
    this.#control
      .ping()
      .then(() => this.#detector.answered())
      .catch(() => undefined) // No answer is what the detector is waiting to see.
      .finally(() => {
        this.#pinging = false;
      });
  }

  #panicked(): void {
    if (this.#panic !== undefined) this.#declare({ outcome: "panic", message: this.#panic });
  }

  #declare(doom: Doom): void {
    if (this.#doom !== undefined) return;
    this.#doom = doom;
    this.#doomed.emit(doom);
  }
}
