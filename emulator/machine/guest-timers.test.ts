import { expect, it } from "vitest";
import { GuestTimers } from "./guest-timers.js";

it("fires each timer once, when guest time has come", () => {
  const timers = new GuestTimers();
  const fired: string[] = [];
  timers.after(0, 10, () => fired.push("a"));
  timers.after(0, 5, () => fired.push("b"));
  timers.fire(4);
  expect(fired).toEqual([]);
  timers.fire(7);
  expect(fired).toEqual(["b"]);
  expect(timers.untilNext(7)).toBe(3);
  timers.fire(100);
  timers.fire(200);
  expect(fired).toEqual(["b", "a"]);
  expect(timers.untilNext(200)).toBe(Number.POSITIVE_INFINITY);
});

it("does not fire what was disposed of", () => {
  const timers = new GuestTimers();
  const timer = timers.after(0, 1, () => expect.unreachable());
  timer[Symbol.dispose]();
  timers.fire(10);
});

it("keeps the time that is left when guest time jumps, and stays disposable", () => {
  const timers = new GuestTimers();
  let fired = 0;
  timers.after(1000, 10, () => fired++);
  const disposed = timers.after(1000, 10, () => fired++);
  timers.shift(-900);
  disposed[Symbol.dispose]();
  timers.fire(109);
  expect(fired).toBe(0);
  timers.fire(110);
  expect(fired).toBe(1);
});

it("lets a callback start the next timer", () => {
  const timers = new GuestTimers();
  let fired = 0;
  timers.after(0, 1, () => {
    fired++;
    timers.after(1, 1, () => fired++);
  });
  timers.fire(1);
  expect(fired).toBe(1);
  timers.fire(2);
  expect(fired).toBe(2);
});
