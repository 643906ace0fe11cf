import { Readable } from "node:stream";
import { bootLab } from "../../node/index.js";
import { runCli } from "../cli.js";
import { TextRecorder } from "./text-recorder.js";

export interface CliResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command on the real image, in this process, as if its output went into pipes. */
export async function kspace(
  args: readonly string[],
  signal: AbortSignal = new AbortController().signal,
  input = "",
): Promise<CliResult> {
  const stdout = new TextRecorder();
  const stderr = new TextRecorder();
  const stdin = Readable.from([Buffer.from(input)]);
  const status = await runCli(args, { stdin, stdout, stderr, env: {}, signal, bootLab });
  return { status, stdout: stdout.text, stderr: stderr.text };
}
