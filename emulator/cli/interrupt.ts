import { constants } from "node:os";
import { exitStatusOfSignal } from "./exit-status.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The command was told to stop by a signal. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly exitStatus: number;

  constructor(signal: (typeof SIGNALS)[number]) {
    super(`interrupted by ${signal}`);
    this.exitStatus = exitStatusOfSignal(constants.signals[signal]);
  }
}

/**
 * Turns the first SIGINT, SIGTERM or SIGHUP into an abort. The second ends the process at
 * once, for somebody who does not want to wait.
 */
export function abortOnSignals(process: NodeJS.Process): AbortSignal & Disposable {
  const controller = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    const name = SIGNALS.find((known) => known === signal) ?? "SIGTERM";
    const interrupted = new Interrupted(name);
    if (controller.signal.aborted) process.exit(interrupted.exitStatus);
    controller.abort(interrupted);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return Object.assign(controller.signal, {
    [Symbol.dispose]: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  });
}
