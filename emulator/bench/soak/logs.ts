import { writeFile } from "node:fs/promises";
import { seededRandom } from "../../debuginfo/test-support/fuzz.js";
import { fuzzLogs } from "../../reports/test-support/fuzz-logs.js";
import { corpusLogs } from "../log-throughput.js";
import { checkMemory, ROUND_MS, type SoakOptions } from "./options.js";

const FAILED_LOG = "failed.log";

export async function soakLogs({ minutes, seed }: SoakOptions): Promise<void> {
  const random = seededRandom(seed);
  const seeds = corpusLogs();
  const end = performance.now() + minutes * 60_000;
  let [inputs, bytes, reports, slowestMs] = [0, 0, 0, 0];
  while (performance.now() < end) {
    const result = await fuzzLogs(seeds, random, Math.min(end, performance.now() + ROUND_MS));
    inputs += result.inputs;
    bytes += result.bytes;
    reports += result.reports;
    slowestMs = Math.max(slowestMs, result.slowestMs);
    console.log(
      `logs, seed ${seed}: ${inputs} damaged logs, ${Math.round(bytes / 2 ** 20)} MiB, ` +
        `${reports} reports, slowest ${Math.round(slowestMs)} ms, ${checkMemory()}`,
    );
    const [failure] = result.failures;
    if (failure !== undefined) {
      await writeFile(FAILED_LOG, failure.log);
      console.log(`FAILED: the log is in ${FAILED_LOG}: ${failure.problem}`);
      process.exit(1);
    }
  }
}
