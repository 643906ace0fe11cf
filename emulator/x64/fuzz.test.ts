/** Random programs, in small; `npm run soak -- --part x64-fuzz` goes on for as long as wanted. */
import { beforeAll, describe, expect, it } from "vitest";
import { compiledEngine } from "./build/compile-engine.js";
import { FUZZ_KINDS, fuzz } from "./fuzz/fuzz.js";
import { readProgram } from "./user-mode/test-support/programs.js";

/** With 12, code at CPL 0 gets an exception whose frame ends at address 0. */
const SEEDS = [1, 2, 3, 12];
const program = readProgram("busybox");

let module: WebAssembly.Module;

beforeAll(async () => {
  module = await compiledEngine();
});

describe.each(FUZZ_KINDS)("random %s", (kind) => {
  it("does not get out of the guest", async () => {
    const ends = new Set<string>();
    for (const seed of SEEDS) {
      const result = await fuzz(module, kind, program, seed);
      expect(result.problem).toBeUndefined();
      for (const end of result.ends.keys()) ends.add(end);
    }
    // Something has happened: instructions were executed, and others faulted.
    expect(ends).toContain("exception 14");
    expect(ends).toContain("budget");
  });
});
