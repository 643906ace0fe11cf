import { describe, expect, it } from "vitest";
import { type Locks, watchOtherTabs } from "./other-tabs.js";

/** Web Locks, exclusive ones alone (W3C Web Locks API, 3.1), for tabs in one thread. */
class FakeLocks implements Locks {
  #held = false;
  readonly #waiting: (() => void)[] = [];

  async request(
    _name: string,
    options: { readonly ifAvailable?: boolean; readonly signal?: AbortSignal },
    callback: (lock: unknown) => Promise<void>,
  ): Promise<unknown> {
    await Promise.resolve();
    if (this.#held && options.ifAvailable === true) return callback(null);
    while (this.#held) {
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push(resolve);
        options.signal?.addEventListener("abort", () => reject(options.signal?.reason));
      });
    }
    this.#held = true;
    try {
      return await callback({});
    } finally {
      this.#held = false;
      for (const resolve of this.#waiting.splice(0)) resolve();
    }
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe("watchOtherTabs", () => {
  it("tells the tab that came later, until the first one is gone", async () => {
    const locks = new FakeLocks();
    const told: string[] = [];
    const first = watchOtherTabs("lab", (isOther) => told.push(`first: ${isOther}`), locks);
    await turn();
    const second = watchOtherTabs("lab", (isOther) => told.push(`second: ${isOther}`), locks);
    await turn();
    expect(told).toEqual(["second: true"]);
    first[Symbol.dispose]();
    await turn();
    expect(told).toEqual(["second: true", "second: false"]);
    second[Symbol.dispose]();
    await turn();
  });

  it("tells nothing to a tab that is closed while it waits", async () => {
    const locks = new FakeLocks();
    const told: boolean[] = [];
    const first = watchOtherTabs("lab", () => undefined, locks);
    await turn();
    const second = watchOtherTabs("lab", (isOther) => told.push(isOther), locks);
    await turn();
    second[Symbol.dispose]();
    first[Symbol.dispose]();
    await turn();
    expect(told).toEqual([true]);
  });

  it("tells nothing where there are no locks", async () => {
    const told: boolean[] = [];
    watchOtherTabs("lab", (isOther) => told.push(isOther), undefined)[Symbol.dispose]();
    await turn();
    expect(told).toEqual([]);
  });
});
