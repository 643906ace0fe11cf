import { expect, it } from "vitest";
import { fileCalls } from "./file-calls.js";
import { i386Calls } from "./i386-calls.js";
import { I386_NUMBERS } from "./i386-numbers.js";
import { memoryCalls } from "./memory-calls.js";
import { processCalls } from "./process-calls.js";

it("each number leads to a call that is there, and none to two", () => {
  const amd64 = { ...fileCalls, ...memoryCalls, ...processCalls };
  const missing = I386_NUMBERS.filter(([, ofAmd64]) => amd64[ofAmd64] === undefined);
  expect(missing).toEqual([]);
  const numbers = [...I386_NUMBERS.map(([i386]) => i386), ...Object.keys(i386Calls).map(Number)];
  expect(new Set(numbers).size).toBe(numbers.length);
});
