import { describe, expect, it } from "vitest";
import { fuzzDebugInfo, seededRandom } from "./fuzz.js";
import { courseModules } from "./tools.js";

const modules = await courseModules();

/** `npm run soak` takes its time for more. */
const INPUTS = 40;

describe("fuzzDebugInfo", () => {
  it.each([
    ["4-debugging/hello.ko", "dwarf"],
    ["spin_forever.ko", "dwarf"],
    ["null_deref.ko", "elf"],
  ] as const)(
    "finds that only typed errors come out of damaged variants of %s, focus on %s",
    async (name, focus) => {
      const seed = modules.get(name);
      if (seed === undefined) throw new Error(`The images have no ${name}.`);
      const isEnough = (inputs: number): boolean => inputs >= INPUTS;
      const result = await fuzzDebugInfo(seed, seededRandom(name.length), isEnough, focus);
      expect(result.failures).toEqual([]);
      expect(result.inputs).toBe(INPUTS);
      expect(result.refused.size).toBeGreaterThan(0);
    },
  );
});
