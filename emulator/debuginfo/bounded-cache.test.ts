import { describe, expect, it } from "vitest";
import { BoundedCache } from "./bounded-cache.js";

describe("BoundedCache", () => {
  it("drops what was used longest ago when it is full", () => {
    const made: string[] = [];
    const cache = new BoundedCache<string, { readonly bytes: number }>(30);
    const use = (key: string, bytes = 10): void => {
      cache.get(key, () => {
        made.push(key);
        return { bytes };
      });
    };
    for (const key of ["a", "b", "c", "a", "d", "a", "b"]) use(key);
    expect(made).toEqual(["a", "b", "c", "d", "b"]);
    // One that is larger than all room is kept until the next.
    use("huge", 100);
    use("huge", 100);
    use("a");
    expect(made.slice(5)).toEqual(["huge", "a"]);
  });

  it("keeps nothing of what could not be made", () => {
    const cache = new BoundedCache<string, { readonly bytes: number }>(30);
    const fail = (): never => {
      throw new Error("damaged");
    };
    expect(() => cache.get("a", fail)).toThrow("damaged");
    expect(cache.get("a", () => ({ bytes: 1 }))).toEqual({ bytes: 1 });
  });
});
