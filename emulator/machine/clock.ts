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
 * guest executes, readings come about each millisecond; a longer gap means that the process
 * was stopped, or that others had the processor, which the guest must not see: a module that
 * delays for 4 s would otherwise be seen busy for 8 s where two compete for a core.
 */
const LONGEST_STEP_MS = 2;
/** The longest that an idle guest waits before it is looked at again. */
const LONGEST_IDLE_MS = 25;

/**
 * Guest time that follows the host's, so that `sleep 1` takes a second.
 * @param hostNow monotonic host time in milliseconds.
 */
export function hostClock(hostNow: () => number = () => performance.now()): Clock {
  let guestMs = 0;
  let lastReading = hostNow();
  /** What steps may take beyond {@link LONGEST_STEP_MS}: an idle guest waits, which is its time. */
  let idleMs = 0;
  return {
    now() {
      const elapsed = Math.max(0, hostNow() - lastReading);
      lastReading += elapsed;
      const step = Math.min(elapsed, LONGEST_STEP_MS + idleMs);
      idleMs = Math.max(0, idleMs - step);
      guestMs += step;
      return guestMs;
    },
    resume() {
      lastReading = hostNow();
      idleMs = 0;
    },
    set(ms) {
      guestMs = ms;
      lastReading = hostNow();
      idleMs = 0;
    },
    idle(ms) {
      // Not only `ms`: the host's timers come late.
      idleMs = LONGEST_IDLE_MS;
      return Math.min(ms, LONGEST_IDLE_MS);
    },
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
