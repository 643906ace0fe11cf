/**
 * Floating-point instructions, executed by the processor of this machine (needs gcc):
 *   tsx emulator/x64/native/float-cases.ts record            writes what `npm test` compares with
 *   tsx emulator/x64/native/float-cases.ts soak SEED CASES   compares that many of each kind now
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompressSync } from "node:zlib";
import { readFloatCases } from "../float/test-support/case-file.js";
import { FloatCore } from "../float/test-support/float-core.js";

const run = promisify(execFile);
const SOURCE = fileURLToPath(new URL("float-cases.c", import.meta.url));
const RECORDED = fileURLToPath(new URL("../float/recorded/", import.meta.url));
const KINDS = ["x87", "sse"] as const;
const RECORDED_CASES = 40_000;
/** Of a soak at a time, so that memory does not grow with it. */
const BATCH = 500_000;
const RECORD_BYTES = 32;

async function withProgram(use: (program: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "kspace-float-"));
  try {
    const program = join(folder, "float-cases");
    // The operands are pushed and popped in inline assembly.
    await run("gcc", ["-O1", "-mno-red-zone", "-o", program, SOURCE]);
    await use(program);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function cases(program: string, seed: number, count: number, kind: string): Promise<Buffer> {
  const limits = { encoding: "buffer" as const, maxBuffer: count * RECORD_BYTES + (1 << 22) };
  const { stdout } = await run(program, [String(seed), String(count), kind], limits);
  return stdout;
}

async function record(program: string): Promise<void> {
  for (const kind of KINDS) {
    const bytes = await cases(program, 1, RECORDED_CASES, kind);
    await writeFile(join(RECORDED, `${kind}.bin.br`), brotliCompressSync(bytes));
  }
}

async function soak(program: string, seed: number, count: number): Promise<void> {
  const core = await FloatCore.compile();
  let differences = 0;
  for (const kind of KINDS) {
    const ran = new Map<string, number>();
    for (let done = 0; done < count; done += BATCH) {
      const batch = await cases(program, seed + done, Math.min(BATCH, count - done), kind);
      for (const one of readFloatCases(batch)) {
        ran.set(one.name, (ran.get(one.name) ?? 0) + 1);
        const difference = core.difference(one);
        if (difference === undefined) continue;
        if (differences++ < 20) console.log(difference);
      }
    }
    for (const [name, times] of ran) console.log(`${name.padEnd(18)} ${times}`);
  }
  console.log(`${differences} differences`);
  if (differences > 0) process.exitCode = 1;
}

const [command, seed = "1", count = "1000000"] = process.argv.slice(2);
if (command === "record") await withProgram(record);
else if (command === "soak") await withProgram((p) => soak(p, Number(seed), Number(count)));
else throw new Error("Say record, or soak SEED CASES.");
