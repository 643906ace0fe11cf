import { beforeAll, describe, expect, it } from "vitest";
import { FloatCore } from "./test-support/float-core.js";
import { runRecorded } from "./test-support/recorded-cases.js";

/** The compiler takes a second, and much longer on a machine that does other things beside. */
const COMPILE_MS = 240_000;

describe("the floating-point core", () => {
  let core: FloatCore;
  beforeAll(async () => {
    core = await FloatCore.compile();
  }, COMPILE_MS);

  // Recorded from an AMD EPYC of the Zen 5 generation by native/float-cases.ts.
  it.each(["x87", "sse"])("does what a processor does: %s", async (name) => {
    const { differences, ran } = await runRecorded(core, name);
    expect(differences.slice(0, 10)).toEqual([]);
    expect(ran.size).toBeGreaterThan(30);
    expect(Math.min(...ran.values())).toBeGreaterThan(300);
  });

  // Computed to 300 bits by native/transcendental-references.py.
  it("rounds transcendental functions as if they were exact", async () => {
    const { differences, ran } = await runRecorded(core, "transcendental");
    expect(differences.slice(0, 10)).toEqual([]);
    expect([...ran.keys()]).toEqual([
      "fsin",
      "fcos",
      "fptan",
      "f2xm1",
      "fpatan",
      "fyl2x",
      "fyl2xp1",
    ]);
  });
});
