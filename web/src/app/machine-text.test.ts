import { describe, expect, it } from "vitest";
import type { MachineStatus } from "../../../emulator/browser/protocol.js";
import { describeTrouble, formatBytes, formatMips, formatMs } from "./machine-text.js";

const STATUS: MachineStatus = {
  state: "running",
  instructionsPerSecond: 0,
  guestMs: 3000,
  place: "queued_spin_lock_slowpath+0x60",
};

describe("trouble", () => {
  it.each(["running", "idle", "stalled", "paused"] as const)("there is none while %s", (state) => {
    expect(describeTrouble({ ...STATUS, state })).toBeUndefined();
  });

  it("says what a freeze is and where", () => {
    const freeze = {
      reason: "spinning-on-lock",
      silentMs: 252.4,
      interruptsEnabled: true,
    } as const;
    expect(describeTrouble({ ...STATUS, state: "frozen", freeze })).toEqual({
      title: "The machine is frozen.",
      explanation: "It spins for a lock that nobody can release.",
      place: "queued_spin_lock_slowpath+0x60",
      detail: "interrupts on; nothing else had run for 252 ms",
    });
  });

  it("does not speak of silence that there was not", () => {
    const freeze = {
      reason: "halted-with-interrupts-off",
      silentMs: 0,
      interruptsEnabled: false,
    } as const;
    expect(describeTrouble({ ...STATUS, state: "frozen", freeze })?.detail).toBe("interrupts off");
  });

  it("has the kernel's own words for a panic, and none for its place if it is off", () => {
    const message = "Kernel panic - not syncing: sysrq triggered crash";
    expect(describeTrouble({ ...STATUS, state: "panicked", message })?.explanation).toBe(message);
    expect(
      describeTrouble({ ...STATUS, state: "dead", message: "The guest was shut down." }),
    ).toEqual({
      title: "The machine is off.",
      explanation: "The guest was shut down.",
      place: undefined,
      detail: undefined,
    });
  });
});

it.each([
  [0, "0"],
  [240_000, "0.2"],
  [9_960_000, "10.0"],
  [85_400_000, "85"],
])("%d instructions per second are %s MIPS", (rate, text) => {
  expect(formatMips(rate)).toBe(text);
});

it.each([
  [47.4, "47 ms"],
  [999, "999 ms"],
  [1250, "1.3 s"],
])("%d ms are %s", (ms, text) => {
  expect(formatMs(ms)).toBe(text);
});

it.each([
  [500, "1 kB"],
  [99_000, "99 kB"],
  [5_640_000, "5.6 MB"],
  [128_000_000, "128 MB"],
])("%d bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
