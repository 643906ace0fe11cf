/** With a clock that counts instructions, and the JIT off, a run repeats exactly. */
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { instructionClock } from "../machine/clock.js";
import { bootLab } from "../node/index.js";
import { outputOf, shell } from "./test-support/guest.js";

/** A linear congruential generator, the constants of "Numerical Recipes", 2nd ed., 7.1. */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state;
  };
}

const POWER_ON = Date.UTC(2030, 5, 6, 7, 8, 9);

async function runOnce(seed: number) {
  await using lab = await bootLab({
    coldBoot: true,
    clock: instructionClock(),
    jit: false,
    powerOnUnixMs: POWER_ON,
    random32: pseudoRandom(seed),
  });
  const date = await shell(lab, "date -u +%s");
  const random = await shell(lab, "head -c 16 /dev/urandom | md5sum");
  outputOf(await lab.insmod("/home/student/2-fops/hello.ko"));
  outputOf(await lab.run("./a.out", { cwd: "/home/student/2-fops" }));
  lab.pause();
  const { guestMs, instructions } = lab.machine.sample();
  const memory = lab.machine.readPhysical(0, lab.machine.memoryBytes);
  const hash = createHash("sha256").update(memory).digest("hex");
  return { date: Number(date), random, guestMs, instructions, hash };
}

it("the same memory, time and random numbers after the same run", async () => {
  const first = await runOnce(1);
  expect(await runOnce(1)).toEqual(first);
  // The date is the one that was set at power-on, and what the guest's time has added.
  expect(Math.abs(first.date - POWER_ON / 1000)).toBeLessThanOrEqual(first.guestMs / 1000 + 1);
  const other = await runOnce(2);
  expect(other.random).not.toBe(first.random);
});
