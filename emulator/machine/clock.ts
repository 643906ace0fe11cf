/**
 * Where guest time comes from. It passes only while the guest runs: a paused lab, a
 * suspended tab or a stopped process must not look like a stuck processor to the guest's
 * own watchdogs.
 */
export interface Clock {
  /**
   * Guest time now, milliseconds since power-on.
   * @param instructions executed so far, ever growing.
   */
  now(instructions: number): number;
  /** The machine starts or goes on after a pause: the time before was not the guest's. */
  resume(instructions: number): void;
  /** Sets guest time, after a restore. */
  set(guestMs: number, instructions: number): void;
  /**
   * The processor is idle and its next timer is `ms` away.
   * @returns how long the host should wait before it goes on, in host milliseconds.
   */
  idle(ms: number, instructions: number): number;
}

/**
 * The most host time that one step between two readings may count as guest time. While the
 * guest runs, readings come every few milliseconds; a longer gap means that the process was
 * stopped or starved, which the guest must not see.
 */
const LONGEST_STEP_MS = 25;

/**
 * Guest time that follows the host's, so that `sleep 1` takes a second.
 * @param hostNow monotonic host time in milliseconds.
 */
export function hostClock(hostNow: () => number = () => performance.now()): Clock {
  let guestMs = 0;
  let lastReading = hostNow();
  return {
    now() {
      const reading = hostNow();
      guestMs += Math.min(Math.max(0, reading - lastReading), LONGEST_STEP_MS);
      lastReading = reading;
      return guestMs;
    },
    resume() {
      lastReading = hostNow();
    },
    set(ms) {
      guestMs = ms;
      lastReading = hostNow();
    },
    idle: (ms) => Math.min(ms, LONGEST_STEP_MS),
  };
}

/**
 * Guest time that is a function of the instructions executed alone, and jumps over idle
 * time. With the engine's JIT off, a run repeats exactly.
 * @param instructionsPerMs how fast the imagined processor is.
 */
export function instructionClock(instructionsPerMs = 100_000): Clock {
  let baseMs = 0;
  let baseInstructions = 0;
  return {
    now: (instructions) => baseMs + (instructions - baseInstructions) / instructionsPerMs,
    resume() {},
    set(guestMs, instructions) {
      baseMs = guestMs;
      baseInstructions = instructions;
    },
    idle(ms) {
      baseMs += ms;
      return 0;
    },
  };
}
