import { describe, expect, it } from "vitest";
import { hostClock, instructionClock } from "./clock.js";

describe("hostClock", () => {
  it("follows the host while the guest runs", () => {
    let host = 5000;
    const clock = hostClock(() => host);
    clock.resume(0);
    host += 1;
    expect(clock.now(0)).toBe(1);
    host += 2;
    expect(clock.now(0)).toBe(3);
  });

  it("does not count a pause", () => {
    let host = 0;
    const clock = hostClock(() => host);
    clock.resume(0);
    host += 2;
    clock.now(0);
    host += 60_000;
    clock.resume(0);
    expect(clock.now(0)).toBe(2);
  });

  it("takes a gap in the middle of a run, as when the process was stopped, for a short step", () => {
    let host = 0;
    const clock = hostClock(() => host);
    clock.resume(0);
    host += 15_000;
    expect(clock.now(0)).toBeLessThanOrEqual(2);
  });

  it("counts the time that an idle guest waits, whoever reads the clock meanwhile", () => {
    let host = 0;
    const clock = hostClock(() => host);
    clock.resume(0);
    expect(clock.idle(10, 0)).toBe(10);
    host += 4;
    expect(clock.now(0)).toBe(4);
    host += 6;
    expect(clock.now(0)).toBe(10);
    clock.idle(1000, 0);
    host += 15_000;
    expect(clock.now(0)).toBeLessThanOrEqual(10 + 27);
  });

  it("never goes back", () => {
    let host = 10;
    const clock = hostClock(() => host);
    clock.set(100, 0);
    host = 5;
    expect(clock.now(0)).toBe(100);
  });

  it("goes on from the time that a restore sets", () => {
    let host = 0;
    const clock = hostClock(() => host);
    clock.set(1234, 0);
    host += 1;
    expect(clock.now(0)).toBe(1235);
  });
});

describe("instructionClock", () => {
  it("counts instructions and jumps over idle time", () => {
    const clock = instructionClock(1000);
    expect(clock.now(5000)).toBe(5);
    expect(clock.idle(20, 5000)).toBe(0);
    expect(clock.now(5000)).toBe(25);
    expect(clock.now(6000)).toBe(26);
  });

  it("goes on from the time that a restore sets", () => {
    const clock = instructionClock(1000);
    clock.set(50, 9000);
    expect(clock.now(10_000)).toBe(51);
  });
});
