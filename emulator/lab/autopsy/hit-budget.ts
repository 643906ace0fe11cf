import type { Machine } from "../../machine/machine.js";

/** Guest time over which hits are counted, milliseconds. */
const WINDOW_MS = 100;
/**
 * A hit costs the host some 0.1 ms. A site that takes its lock more often than 250 times a
 * second is not worth following each time, and all sites together may slow the guest by a tenth.
 */
const HITS_OF_A_SITE = 25;
const HITS_OF_ALL = 100;

/** Decides how often sites may stop the machine. */
export class HitBudget<Site extends object> implements Disposable {
  readonly #machine: Pick<Machine, "afterGuestMs">;
  readonly #refill: (exhausted: readonly Site[]) => void;
  #hits = new Map<Site, number>();
  #ofAll = 0;
  #exhausted: Site[] = [];
  #timer: Disposable | undefined;

  /** @param refill called when sites may be hit again that had been exhausted. */
  constructor(
    machine: Pick<Machine, "afterGuestMs">,
    refill: (exhausted: readonly Site[]) => void,
  ) {
    this.#machine = machine;
    this.#refill = refill;
  }

  /** Counts a hit. @returns whether it was the site's last one before the next refill. */
  exhausts(site: Site): boolean {
    this.#timer ??= this.#machine.afterGuestMs(WINDOW_MS, () => this.#begin());
    const hits = (this.#hits.get(site) ?? 0) + 1;
    this.#hits.set(site, hits);
    this.#ofAll++;
    if (hits < HITS_OF_A_SITE && this.#ofAll < HITS_OF_ALL) return false;
    this.#exhausted.push(site);
    return true;
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #begin(): void {
    const exhausted = this.#exhausted;
    this.#timer = undefined;
    this.#hits = new Map();
    this.#ofAll = 0;
    this.#exhausted = [];
    this.#refill(exhausted);
  }
}
