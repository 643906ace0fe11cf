import { readFile } from "node:fs/promises";
import { brotliDecompressSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { readFloatCases } from "./case-file.js";
import { FloatCore } from "./float-core.js";

/** Recorded from an AMD EPYC of the Zen 5 generation by native/float-cases.ts. */
async function recorded(kind: string): Promise<Uint8Array> {
  return brotliDecompressSync(await readFile(new URL(`recorded/${kind}.bin.br`, import.meta.url)));
}

describe("the floating-point core", () => {
  let core: FloatCore;
  beforeAll(async () => {
    core = await FloatCore.compile();
  });

  it.each(["x87", "sse"])("does what a processor does: %s", async (kind) => {
    const differences: string[] = [];
    const ran = new Map<string, number>();
    for (const one of readFloatCases(await recorded(kind))) {
      ran.set(one.name, (ran.get(one.name) ?? 0) + 1);
      const difference = core.difference(one);
      if (difference !== undefined) differences.push(difference);
    }
    expect(differences.slice(0, 10)).toEqual([]);
    expect(ran.size).toBeGreaterThan(30);
    expect(Math.min(...ran.values())).toBeGreaterThan(300);
  });
});
