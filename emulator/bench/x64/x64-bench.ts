import { compiledEngine } from "../../x64/build/compile-engine.js";
import { UserProgram } from "../../x64/user-mode/user-program.js";
import { median } from "../median.js";
import { ensureQemuUser, NativeRuns } from "./native.js";
import { type Workload, workloads } from "./programs.js";

/** What the engine had to do besides executing instructions, in the whole of a run. */
export interface EngineCounts {
  readonly decodedBlocks: number;
  readonly decodedInstructions: number;
  readonly invalidations: number;
  readonly flushes: number;
  readonly pageWalks: number;
}

export interface X64Measurement {
  readonly name: string;
  /** Executed in a run of the engine. */
  readonly instructions: number;
  /** Millions of instructions in a second; the median of the runs. */
  readonly engine: number;
  /** The same instructions on this machine's processor, and under `qemu-x86_64`. */
  readonly native?: number;
  readonly qemu?: number;
  readonly counts: EngineCounts;
}

const MOST_INSTRUCTIONS = 20_000_000_000;

/** Measures the x86-64 engine beside this machine's processor and QEMU, each in turn. */
export async function benchX64(runs: number): Promise<X64Measurement[]> {
  const module = await compiledEngine();
  const isNative = process.platform === "linux" && process.arch === "x64";
  const hasQemu = isNative && ensureQemuUser();
  using native = new NativeRuns();
  const measurements: X64Measurement[] = [];
  for (const workload of workloads()) {
    process.stderr.write(`x86-64: ${workload.name} …\n`);
    const times = { engine: [] as number[], native: [] as number[], qemu: [] as number[] };
    let last: EngineRun | undefined;
    for (let run = 0; run < runs; run++) {
      last = await runInEngine(module, workload);
      times.engine.push(last.ms);
      if (!isNative) continue;
      const { rounds, timesNative, timesQemu } = workload;
      if (run === 0 && !native.run(workload, rounds).stdout.equals(last.stdout)) {
        throw new Error(`${workload.name}: the processor writes something else than the engine.`);
      }
      // The instructions of a round are the same wherever it is done.
      times.native.push(native.measureRound(workload, rounds * timesNative) * rounds);
      if (!hasQemu) continue;
      times.qemu.push(native.measureRound(workload, rounds * timesQemu, "qemu") * rounds);
    }
    if (last === undefined) throw new Error("Nothing was measured: there were no runs.");
    const { instructions, counts } = last;
    const speed = (ms: readonly number[]): number => instructions / median(ms) / 1000;
    measurements.push({
      name: workload.name,
      instructions,
      engine: speed(times.engine),
      ...(isNative ? { native: speed(times.native) } : {}),
      ...(hasQemu ? { qemu: speed(times.qemu) } : {}),
      counts,
    });
  }
  return measurements;
}

interface EngineRun {
  readonly ms: number;
  readonly instructions: number;
  readonly stdout: Uint8Array;
  readonly counts: EngineCounts;
}

async function runInEngine(module: WebAssembly.Module, workload: Workload): Promise<EngineRun> {
  const program = await UserProgram.load(module, workload.program, {
    argv: workload.args(workload.rounds),
    stdin: workload.stdin(workload.rounds),
  });
  const start = performance.now();
  const end = program.run(MOST_INSTRUCTIONS);
  const ms = performance.now() - start;
  if (end.outcome !== "exited" || end.status !== 0) {
    throw new Error(`${workload.name} has not come to its end: ${JSON.stringify(end)}`);
  }
  const { processor } = program.machine;
  return {
    ms,
    instructions: program.instructions,
    stdout: program.stdout,
    counts: {
      decodedBlocks: processor.count("decodedBlocks"),
      decodedInstructions: processor.count("decodedInstructions"),
      invalidations: processor.count("invalidations"),
      flushes: processor.count("flushes"),
      pageWalks: processor.count("pageWalks"),
    },
  };
}
