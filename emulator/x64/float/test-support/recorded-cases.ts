import { readFile } from "node:fs/promises";
import { brotliDecompressSync } from "node:zlib";
import { readFloatCases } from "./case-file.js";
import type { FloatCore } from "./float-core.js";

/** What came of a set of recorded cases. */
export interface RecordedOutcome {
  /** Each case whose result or exceptions are not the recorded ones. */
  readonly differences: readonly string[];
  /** How many cases ran of each instruction. */
  readonly ran: ReadonlyMap<string, number>;
}

/** Runs all cases of a file in `recorded/`. */
export async function runRecorded(core: FloatCore, name: string): Promise<RecordedOutcome> {
  const file = await readFile(new URL(`../recorded/${name}.bin.br`, import.meta.url));
  const differences: string[] = [];
  const ran = new Map<string, number>();
  for (const one of readFloatCases(brotliDecompressSync(file))) {
    ran.set(one.name, (ran.get(one.name) ?? 0) + 1);
    const difference = core.difference(one);
    if (difference !== undefined) differences.push(difference);
  }
  return { differences, ran };
}
