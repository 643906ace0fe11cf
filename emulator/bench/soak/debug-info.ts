import { writeFile } from "node:fs/promises";
import { type FuzzFocus, fuzzDebugInfo, seededRandom } from "../../debuginfo/test-support/fuzz.js";
import { readTestModules } from "../modules.js";
import { checkMemory, ROUND_MS, type SoakOptions } from "./options.js";

const FAILED_FILE = "failed.ko";

/** @param focus whether the debug information is damaged for the most part, or all around it. */
export async function soakDebugInfo(
  focus: FuzzFocus,
  { minutes, seed }: SoakOptions,
): Promise<void> {
  const random = seededRandom(seed);
  const modules = await readTestModules();
  const end = performance.now() + minutes * 60_000;
  const refused = new Map<string, number>();
  let [inputs, slowestMs] = [0, 0];
  for (let round = 0; performance.now() < end; round++) {
    const module = modules[round % modules.length];
    if (module === undefined) throw new Error("The images have no test modules.");
    const deadline = Math.min(end, performance.now() + ROUND_MS);
    const isEnough = (): boolean => performance.now() >= deadline;
    const result = await fuzzDebugInfo(module.bytes, random, isEnough, focus);
    inputs += result.inputs;
    slowestMs = Math.max(slowestMs, result.slowestMs);
    for (const [code, count] of result.refused) refused.set(code, (refused.get(code) ?? 0) + count);
    const codes = [...refused].map(([code, count]) => `${code} ${count}`).join(", ");
    console.log(
      `${focus}, seed ${seed}: ${inputs} damaged files, slowest ${Math.round(slowestMs)} ms, ` +
        `${checkMemory()}; refused: ${codes}`,
    );
    const [failure] = result.failures;
    if (failure !== undefined) {
      await writeFile(FAILED_FILE, failure.bytes);
      console.log(`FAILED: ${module.name} with ${failure.description} (${FAILED_FILE})`);
      console.log(failure.problem);
      process.exit(1);
    }
  }
}
