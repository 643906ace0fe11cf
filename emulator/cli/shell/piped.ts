import { autopsyNotice, type Lab } from "../../lab/index.js";
import type { CliContext } from "../context.js";
import { describeFreeze, explainEnding } from "../ending-text.js";
import { EXIT_FAILED } from "../exit-status.js";
import { formatKernelRecord } from "../kernel-lines.js";
import { reportNotice } from "../report-text.js";
import { symbolizeFreeze } from "../symbolize.js";

/**
 * Runs a script in the guest's shell, as the student, and not on its terminal: no prompt and
 * no echo is among the output, and the exit status is the script's.
 */
export async function runPiped(lab: Lab, script: Uint8Array, context: CliContext): Promise<number> {
  const result = await lab.run("/bin/sh", {
    user: "student",
    stdin: script,
    signal: context.signal,
    onStdout: (bytes) => context.stdout.write(bytes),
    onStderr: (bytes) => context.stderr.write(bytes),
  });
  context.signal.throwIfAborted();
  const say = (line: string): unknown => context.stderr.write(`kspace: ${line}\n`);
  for (const line of result.reports.flatMap(reportNotice)) say(line);
  if (result.outcome === "exited") return result.exitCode;

  for (const line of result.kernelLog.flatMap(formatKernelRecord)) {
    context.stderr.write(`${line}\n`);
  }
  if (result.outcome === "frozen") {
    const symbol = await symbolizeFreeze(lab, result.freeze);
    for (const line of describeFreeze(result.freeze, symbol)) say(line);
    if (result.autopsy) for (const line of autopsyNotice(result.autopsy)) say(line);
  } else {
    say(`the shell ${explainEnding(result)}`);
  }
  return EXIT_FAILED;
}
