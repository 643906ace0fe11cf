import { disposable } from "./emitter.js";

interface Timer {
  dueMs: number;
  readonly callback: () => void;
}

/** Timers on guest time; the machine calls {@link fire} as guest time passes. */
export class GuestTimers {
  readonly #timers = new Set<Timer>();

  after(nowMs: number, ms: number, callback: () => void): Disposable {
    const timer: Timer = { dueMs: nowMs + ms, callback };
    this.#timers.add(timer);
    return disposable(() => this.#timers.delete(timer));
  }

  /** Milliseconds until the next timer is due, Infinity without one. */
  untilNext(nowMs: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const timer of this.#timers) next = Math.min(next, timer.dueMs);
    return Math.max(0, next - nowMs);
  }

  fire(nowMs: number): void {
    for (const timer of [...this.#timers]) {
      if (timer.dueMs <= nowMs && this.#timers.delete(timer)) timer.callback();
    }
  }

  /** Guest time has jumped, by a restore: each timer keeps the time that was left to it. */
  shift(byMs: number): void {
    for (const timer of this.#timers) timer.dueMs += byMs;
  }
}
