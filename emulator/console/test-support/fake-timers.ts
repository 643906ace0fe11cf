import { GuestTimers } from "../../machine/guest-timers.js";
import type { Timers } from "../timers.js";

/** Time that passes when a test says so. */
export class FakeTimers implements Timers {
  readonly #timers = new GuestTimers();
  #now = 0;

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): Disposable {
    return this.#timers.after(this.#now, ms, callback);
  }

  /** Lets time pass from timer to timer; promises get their turn after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settled();
      const step = this.#timers.untilNext(this.#now);
      if (this.#now + step > end) break;
      this.#now += step;
      this.#timers.fire(this.#now);
    }
    this.#now = end;
  }

  /** Lets time pass until the promise has settled. @throws after `boundMs`. */
  async until<T>(promise: Promise<T>, boundMs = 120_000): Promise<T> {
    const end = this.#now + boundMs;
    let done = false;
    const mark = (): void => {
      done = true;
    };
    promise.then(mark, mark);
    await settled();
    while (!done) {
      const step = this.#timers.untilNext(this.#now);
      if (this.#now + step > end) throw new Error(`still waiting after ${boundMs} ms`);
      this.#now += step;
      this.#timers.fire(this.#now);
      await settled();
    }
    return promise;
  }
}

/** Lets all promise callbacks that are due run. */
async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
