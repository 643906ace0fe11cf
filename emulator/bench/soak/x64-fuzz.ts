import { compiledEngine } from "../../x64/build/compile-engine.js";
import { FUZZ_KINDS, fuzz } from "../../x64/fuzz/fuzz.js";
import { readProgram } from "../../x64/user-mode/test-support/programs.js";
import { checkMemory, ROUND_MS, type SoakOptions } from "./options.js";

/** Random programs in the x86-64 engine, one guest after the other. */
export async function soakX64Fuzz({ minutes, seed: firstSeed }: SoakOptions): Promise<void> {
  const module = await compiledEngine();
  const program = readProgram("busybox");
  const end = performance.now() + minutes * 60_000;
  const ends = new Map<string, number>();
  let [guests, instructions, told] = [0, 0, performance.now()];
  for (let seed = firstSeed; performance.now() < end; seed++) {
    for (const kind of FUZZ_KINDS) {
      const result = await fuzz(module, kind, program, seed);
      guests++;
      instructions += result.instructions;
      for (const [name, count] of result.ends) ends.set(name, (ends.get(name) ?? 0) + count);
      if (result.problem !== undefined) {
        console.log(`FAILED: ${result.problem}`);
        process.exit(1);
      }
    }
    if (performance.now() - told < ROUND_MS) continue;
    told = performance.now();
    console.log(
      `x64-fuzz, seed ${seed}: ${guests} guests, ${instructions} instructions, ${checkMemory()}`,
    );
  }
  const ways = [...ends].sort(([, a], [, b]) => b - a).map(([name, count]) => `${name} ${count}`);
  console.log(
    `x64-fuzz: ${guests} guests, ${instructions} instructions; runs ended: ${ways.join(", ")}`,
  );
}
