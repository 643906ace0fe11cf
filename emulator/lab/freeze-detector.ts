import type { CpuSample } from "../machine/machine.js";

/** What makes a machine count as frozen. */
export type FreezeReason =
  /** It spins in the slow path of a kernel lock, which on one CPU nobody can release. */
  | "spinning-on-lock"
  /** HLT with interrupts off: without an NMI nothing wakes it. */
  | "halted-with-interrupts-off"
  /** The kernel runs, but nothing else does: no program, no task switch, no output, no answer. */
  | "no-progress";

export interface Freeze {
  readonly reason: FreezeReason;
  /** Guest time at which the machine was found frozen, milliseconds since power-on. */
  readonly guestMs: number;
  /** Guest time that it had been without progress by then, milliseconds. */
  readonly silentMs: number;
  /** Where the processor was when it was found. */
  readonly instructionPointer: number;
  /** Interrupts are served, though the processor may have stood in one when it was found. */
  readonly interruptsEnabled: boolean;
}

export type FreezeVerdict =
  | { readonly state: "alive" }
  /** Nothing but the kernel has run for {@link STALLED_AFTER_MS}; it may yet come back. */
  | { readonly state: "stalled"; readonly silentMs: number }
  | { readonly state: "frozen"; readonly freeze: Freeze };

/** A sample of the processor with what the kernel's memory says at the same moment. */
export interface KernelSample extends CpuSample {
  /** The instruction pointer stands in the slow path of a lock. */
  readonly inLockSlowPath: boolean;
  /** Context switches since boot, `rq.nr_switches`. */
  readonly taskSwitches: number;
}

/** A contended lock is held for microseconds; on one CPU it is not contended at all. */
const SPINNING_AFTER_MS = 250;
const STALLED_AFTER_MS = 1000;
/** Longer than any healthy work without a task switch that was seen, and a mdelay(4000). */
const FROZEN_AFTER_MS = 8000;
/** A handler of an interrupt, in which others wait, is over in much less. */
const INTERRUPTS_OFF_AFTER_MS = 100;
/** When to ask the guest for a sign of life. */
const PING_AFTER_MS = 400;
/**
 * Guest time follows the host's clock, and on a starved host little is executed in it. A
 * millisecond only counts as executed when at least so many instructions ran in it: a tenth
 * of what the slowest code does on an idle host.
 */
const INSTRUCTIONS_PER_MS = 2000;

/**
 * Tells a frozen machine from a busy one, from the outside. It is fed with samples and with
 * the signs of life that the console sees; it never looks at a clock of its own.
 */
export class FreezeDetector {
  #last: KernelSample | undefined;
  /** Executed guest time since the last program, halt, task switch, answer or output. */
  #silentMs = 0;
  /** The same, but output does not count: a spinning kernel may still print. */
  #unswitchedMs = 0;
  #slowPathMs = 0;
  /** Executed without interrupts. */
  #maskedMs = 0;
  #verdict: FreezeVerdict = { state: "alive" };
  #pingWanted = false;
  #reportedStuck = false;

  get verdict(): FreezeVerdict {
    return this.#verdict;
  }

  /** The guest has been silent for a while and should be asked whether it still answers. */
  get wantsPing(): boolean {
    return this.#pingWanted && this.#verdict.state !== "frozen";
  }

  /** The kernel wrote something, to any line. */
  output(): void {
    if (this.#reportedStuck) return;
    this.#silentMs = 0;
    this.#pingWanted = false;
  }

  /**
   * The kernel itself reported that it switches tasks no more. It repeats that every few
   * seconds; until something else happens, what it prints is no sign of life.
   */
  reportedStuck(): void {
    this.#reportedStuck = true;
    this.#silentMs = this.#unswitchedMs;
  }

  /** The agent in the guest said something: a program has run. */
  answered(): void {
    this.#alive();
  }

  /** Starts anew, after a restore. */
  reset(): void {
    this.#last = undefined;
    this.#verdict = { state: "alive" };
    this.#alive();
  }

  sample(sample: KernelSample): FreezeVerdict {
    if (this.#verdict.state === "frozen") return this.#verdict;
    const last = this.#last;
    this.#last = sample;
    const progressed =
      sample.privilegeLevel > 0 ||
      (sample.halted && sample.interruptsEnabled) ||
      last === undefined ||
      sample.taskSwitches !== last.taskSwitches;
    if (progressed) this.#alive();
    else this.#account(sample, last);
    this.#verdict = this.#judge(sample);
    return this.#verdict;
  }

  #alive(): void {
    this.#silentMs = 0;
    this.#unswitchedMs = 0;
    this.#slowPathMs = 0;
    this.#maskedMs = 0;
    this.#pingWanted = false;
    this.#reportedStuck = false;
  }

  #account(sample: KernelSample, last: KernelSample): void {
    const executedMs = Math.min(
      sample.guestMs - last.guestMs,
      (sample.instructions - last.instructions) / INSTRUCTIONS_PER_MS,
    );
    this.#silentMs += executedMs;
    this.#unswitchedMs += executedMs;
    this.#maskedMs = sample.interruptsEnabled ? 0 : this.#maskedMs + executedMs;
    if (sample.inLockSlowPath) this.#slowPathMs += executedMs;
    if (this.#silentMs >= PING_AFTER_MS) this.#pingWanted = true;
  }

  #judge(sample: KernelSample): FreezeVerdict {
    if (sample.halted && !sample.interruptsEnabled) {
      return this.#frozen("halted-with-interrupts-off", sample);
    }
    // Timer interrupts are served in between, so not every sample is in the slow path.
    if (this.#slowPathMs >= SPINNING_AFTER_MS && this.#slowPathMs * 2 >= this.#unswitchedMs) {
      return this.#frozen("spinning-on-lock", sample);
    }
    if (this.#silentMs >= FROZEN_AFTER_MS) return this.#frozen("no-progress", sample);
    if (this.#silentMs >= STALLED_AFTER_MS) return { state: "stalled", silentMs: this.#silentMs };
    return { state: "alive" };
  }

  #frozen(reason: FreezeReason, sample: KernelSample): FreezeVerdict {
    return {
      state: "frozen",
      freeze: {
        reason,
        guestMs: sample.guestMs,
        silentMs: this.#unswitchedMs,
        instructionPointer: sample.instructionPointer,
        interruptsEnabled: !sample.halted && this.#maskedMs < INTERRUPTS_OFF_AFTER_MS,
      },
    };
  }
}
