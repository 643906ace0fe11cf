#!/usr/bin/env node
import { bootLab } from "../node/index.js";
import { runCli } from "./cli.js";
import { exitStatusOfSignal } from "./exit-status.js";
import { abortOnSignals } from "./interrupt.js";

const SIGPIPE = 13;

// Whoever reads our output has seen enough (`kspace course | head`): end as a program that
// does not handle SIGPIPE, without a word.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(exitStatusOfSignal(SIGPIPE));
});

// Nobody is left to tell it to.
process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

const signal = abortOnSignals(process);
process.exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  signal,
  bootLab,
});
signal[Symbol.dispose]();
