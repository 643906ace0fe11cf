import { describe, expect, it } from "vitest";
import type { Breakpoint, Machine } from "../../machine/machine.js";
import { FollowedModule, type LoadedSite } from "./followed-module.js";
import { type LockFunction, lockFunction } from "./lock-functions.js";

function callee(name: string): LockFunction {
  const found = lockFunction(name);
  if (found === undefined) throw new Error(`${name}() takes no lock.`);
  return found;
}

const INIT: LoadedSite = {
  address: 0x1000n,
  returnAddress: 0x1005n,
  callee: callee("mutex_trylock"),
  isInit: true,
};
const CORE: LoadedSite = {
  address: 0x2000n,
  returnAddress: 0x2005n,
  callee: callee("_raw_spin_lock"),
  isInit: false,
};

/** Keeps where breakpoints stand, and no more. */
function follow(): { module: FollowedModule; planted: Set<bigint>; hits: string[] } {
  const planted = new Set<bigint>();
  const hits: string[] = [];
  const machine: Pick<Machine, "setBreakpoint"> = {
    setBreakpoint(at): Breakpoint {
      const address = BigInt(at);
      planted.add(address);
      return {
        address,
        state: { kind: "planted" },
        [Symbol.dispose]: () => planted.delete(address),
      };
    },
  };
  const facts = {
    name: "m",
    address: 0n,
    sinceMs: 0,
    fromTheStart: true,
    sites: [INIT, CORE],
    others: 0,
  };
  const module = new FollowedModule(machine, facts, {
    onAttempt: () => hits.push("attempt"),
    onReturn: () => hits.push("return"),
  });
  for (const site of module.sites) module.plant(site);
  return { module, planted, hits };
}

describe("a followed module", () => {
  it("has breakpoints at its calls, and behind those that may come back without the lock", () => {
    expect([...follow().planted]).toEqual([0x1000n, 0x1005n, 0x2000n]);
  });

  it("has none left, and never again, in the memory of its init function once that is given back", () => {
    const { module, planted } = follow();
    module.takeAwayInit();
    expect([...planted]).toEqual([0x2000n]);
    expect(module.facts.sites).toEqual([CORE]);
  });

  it("plants a site once, and takes all away in the end", () => {
    const { module, planted } = follow();
    module.plant(CORE);
    module.takeAway(CORE);
    expect(planted.has(0x2000n)).toBe(false);
    module.plant(CORE);
    expect(planted.has(0x2000n)).toBe(true);
    module[Symbol.dispose]();
    expect(planted.size).toBe(0);
  });
});
