import { expect, it } from "vitest";
import { HitBudget } from "./hit-budget.js";

/** A machine's timers, and guest time that passes by hand. */
function fakeTimers() {
  let timers: { due: number; callback: () => void }[] = [];
  let now = 0;
  return {
    afterGuestMs(ms: number, callback: () => void): Disposable {
      const timer = { due: now + ms, callback };
      timers.push(timer);
      return { [Symbol.dispose]: () => (timers = timers.filter((other) => other !== timer)) };
    },
    pass(ms: number): void {
      now += ms;
      const due = timers.filter((timer) => timer.due <= now);
      timers = timers.filter((timer) => timer.due > now);
      for (const { callback } of due) callback();
    },
    get count() {
      return timers.length;
    },
  };
}

it("exhausts a site that is hit too often, and gives it back after a while", () => {
  const timers = fakeTimers();
  const refilled: (readonly object[])[] = [];
  const budget = new HitBudget<object>(timers, (sites) => refilled.push(sites));
  const [busy, quiet] = [{}, {}];
  const hits = Array.from({ length: 25 }, () => budget.exhausts(busy));
  expect(hits.indexOf(true)).toBe(24);
  expect(budget.exhausts(quiet)).toBe(false);
  timers.pass(99);
  expect(refilled).toEqual([]);
  timers.pass(1);
  expect(refilled).toEqual([[busy]]);
  expect(budget.exhausts(busy)).toBe(false);
});

it("bounds all sites together", () => {
  const budget = new HitBudget<object>(fakeTimers(), () => undefined);
  const sites = Array.from({ length: 20 }, () => ({}));
  const rounds = Array.from({ length: 5 }, () => sites.map((site) => budget.exhausts(site)));
  expect(rounds.flat().indexOf(true)).toBe(99);
});

it("waits for nothing once it is disposed of", () => {
  const timers = fakeTimers();
  const budget = new HitBudget<object>(timers, () => undefined);
  budget.exhausts({});
  expect(timers.count).toBe(1);
  budget[Symbol.dispose]();
  expect(timers.count).toBe(0);
});
