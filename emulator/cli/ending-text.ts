import { type CommandResult, describeEnd, type Freeze } from "../lab/index.js";
import { hexAddress } from "./json.js";
import { formatDuration } from "./text-layout.js";

const FREEZES: Readonly<Record<Freeze["reason"], string>> = {
  "spinning-on-lock": "it spins for a lock that nobody can release",
  "halted-with-interrupts-off": "it is halted with interrupts off, and nothing can wake it",
  "no-progress": "the kernel runs in a loop and lets nothing else run",
};

/** What a freeze is, and where the processor is stuck: two sentences. */
export function describeFreeze(freeze: Freeze, symbol: string | undefined): string[] {
  const address = hexAddress(freeze.instructionPointer);
  const place =
    symbol === undefined ? `code of no function (${address})` : `${symbol} (${address})`;
  const interrupts = freeze.interruptsEnabled ? "on" : "off";
  // A processor that is halted for good is found at once.
  const silence =
    freeze.silentMs < 1 ? "" : `; nothing else had run for ${formatDuration(freeze.silentMs)}`;
  return [
    `The machine is frozen: ${FREEZES[freeze.reason]}.`,
    `The CPU is in ${place}, with interrupts ${interrupts}${silence}.`,
  ];
}

/** How a command ended, as the end of a sentence about it; nothing to say when it did well. */
export function explainEnding(result: CommandResult): string | undefined {
  switch (result.outcome) {
    case "exited":
      return result.exitCode === 0 ? undefined : `ended with status ${result.exitCode}.`;
    case "signaled":
      return `was killed by ${result.signal}.`;
    case "oops":
      return `was killed by ${result.signal} when the kernel oopsed: ${result.message}`;
    case "timeout":
      return `did not end within ${result.timeoutMs / 1000} s of the guest's time.`;
    case "output-limit":
      return `was killed for printing more than ${result.limitBytes / 2 ** 20} MiB.`;
    case "panic":
      return `never ended: the kernel panicked: ${result.message}`;
    case "frozen":
      return "never ended.";
    case "dead":
      return `never ended. ${describeEnd(result.cause)}`;
    case "not-started":
      return `could not be started: ${result.errno} in ${result.step}.`;
    case "lost":
      return `was lost: ${result.reason}`;
    case "aborted":
      return "was aborted.";
  }
}
