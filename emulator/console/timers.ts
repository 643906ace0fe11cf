import { disposable } from "../machine/emitter.js";

/**
 * The time that timeouts on a line are measured in. For a line into a machine it is the
 * guest's, which stands still while the machine is paused: a paused guest is not late.
 */
export interface Timers {
  /** Milliseconds since any fixed moment. */
  now(): number;
  /** Calls back once after `ms`, unless disposed of before. */
  after(ms: number, callback: () => void): Disposable;
}

/** Time of the host itself, for a line to something that is not emulated. */
export function hostTimers(): Timers {
  return {
    now: () => performance.now(),
    after(ms, callback) {
      const timer = setTimeout(callback, ms);
      return disposable(() => clearTimeout(timer));
    },
  };
}
