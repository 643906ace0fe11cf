import { expect, test } from "vitest";
import { formatSeconds, Progress } from "./progress.js";

function recorder(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, columns: 80, write: (text: string) => written.push(text) };
}

/** A clock that moves on by so many milliseconds each time that it is read. */
function clock(step: number): () => number {
  let now = 0;
  return () => {
    now += step;
    return now;
  };
}

test("in a pipe there is one line for each step, and no control characters", async () => {
  const output = recorder(false);
  const progress = new Progress(output, clock(75_000));
  expect(await progress.step("Kernel", async () => 42)).toBe(42);
  const failing = progress.step("Course", async () => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  expect(output.written.map((line) => line.replace(/ +/g, " "))).toEqual([
    "Kernel done 1 min 15 s\n",
    "Course failed 1 min 15 s\n",
  ]);
});

test("on a terminal the line is there at once, and is overwritten", async () => {
  const output = recorder(true);
  await new Progress(output, clock(1000)).step("Kernel", async () => undefined);
  expect(output.written[0]).toMatch(/^\rKernel +…/);
  expect(output.written.at(-1)).toMatch(/^\rKernel +done +\d s\n$/);
});

test.each([
  [0, "0 s"],
  [59_400, "59 s"],
  [60_000, "1 min 0 s"],
  [330_000, "5 min 30 s"],
])("%i ms are %s", (ms, text) => {
  expect(formatSeconds(ms)).toBe(text);
});
