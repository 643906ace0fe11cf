import type { KernelRecord } from "../../console/index.js";
import type { FreezeReason } from "../freeze-detector.js";
import type { CommandResult } from "../outcome.js";

/** What was seen of a step, from the command's end and from a second look into the guest. */
export interface StepEvidence {
  readonly result: CommandResult;
  readonly stdout: string;
  readonly stderr: string;
  /** What the kernel logged during the step. */
  readonly kernelLog: readonly KernelRecord[];
  /** Looks into the guest after the step; undefined when it answers no more. */
  readonly lookIntoGuest: () => Promise<GuestState | undefined>;
}

/** What the guest's own file systems say, whatever the step's command said. */
export interface GuestState {
  /** `/sys/module/hello` is there. */
  readonly hasHelloModule: boolean;
  /** `/dev/hello` is a character device. */
  readonly hasHelloDevice: boolean;
}

/** Says what is wrong, or nothing when all is as it should be. */
export type StepCheck = (
  evidence: StepEvidence,
) => string | undefined | Promise<string | undefined>;

/** The command ended with this status. */
export function exits(status: number): StepCheck {
  return ({ result, stderr }) => {
    if (result.outcome === "exited" && result.exitCode === status) return undefined;
    const found =
      result.outcome === "exited" ? `exit status ${result.exitCode}` : describeEnding(result);
    const said = stderr.trim();
    return `expected exit status ${status}, found ${found}${said && ` (${said})`}`;
  };
}

/** The standard output is exactly this text. */
export function prints(text: string): StepCheck {
  return ({ stdout }) =>
    stdout === text
      ? undefined
      : `expected the output ${JSON.stringify(text)}, found ${JSON.stringify(stdout)}`;
}

/** The standard output has lines that match, in this order. */
export function printsLines(...patterns: readonly RegExp[]): StepCheck {
  return ({ stdout }) => {
    const missing = firstMissing(stdout.split("\n"), patterns);
    return missing && `the output lacks a line like ${missing}`;
  };
}

/** The kernel logged lines that match, in this order. */
export function kernelSays(...patterns: readonly RegExp[]): StepCheck {
  return ({ kernelLog }) => {
    const missing = firstMissing(
      kernelLog.map(({ text }) => text),
      patterns,
    );
    return missing && `the kernel logged no line like ${missing}`;
  };
}

/** The module is loaded, and its device is there. */
export const helloIsLoaded: StepCheck = async ({ lookIntoGuest }) => {
  const guest = await lookIntoGuest();
  if (!guest?.hasHelloModule) return "the module hello is not loaded";
  return guest.hasHelloDevice ? undefined : "there is no device /dev/hello";
};

/** Neither the module nor its device is there. */
export const helloIsGone: StepCheck = async ({ lookIntoGuest }) => {
  const guest = await lookIntoGuest();
  if (guest === undefined) return "the guest cannot be asked for its modules";
  if (guest.hasHelloModule) return "the module hello is still loaded";
  return guest.hasHelloDevice ? "the device /dev/hello is still there" : undefined;
};

/** The machine froze, for this reason. */
export function freezes(reason: FreezeReason): StepCheck {
  return ({ result }) => {
    if (result.outcome !== "frozen") {
      return `expected the machine to freeze, but ${describeEnding(result)}`;
    }
    return result.freeze.reason === reason
      ? undefined
      : `expected a freeze by ${reason}, found ${result.freeze.reason}`;
  };
}

/** The frozen machine tells who has which lock, and where that was taken and is waited for. */
export function tellsHolder(lock: string, acquiredIn: string, waitedForIn: string): StepCheck {
  return ({ result }) => {
    const holder = result.outcome === "frozen" ? result.autopsy?.holder : undefined;
    if (holder === undefined) return "expected to be told who has the lock";
    if (holder.kind === "unknown") return `expected to be told who has ${lock}: ${holder.reason}`;
    const isAsExpected =
      holder.lock.name === lock &&
      holder.acquired?.function === acquiredIn &&
      holder.waiting?.function === waitedForIn;
    return isAsExpected
      ? undefined
      : `expected ${lock} to be acquired in ${acquiredIn}() and waited for in ${waitedForIn}(), ` +
          `found: ${holder.sentence}`;
  };
}

/** The kernel oopsed with this message and killed the program. */
export function oopses(message: string): StepCheck {
  return ({ result }) => {
    if (result.outcome !== "oops") {
      return `expected the kernel to oops, but ${describeEnding(result)}`;
    }
    if (result.signal !== "SIGSEGV") return `expected SIGSEGV, found ${result.signal}`;
    return result.message === message
      ? undefined
      : `expected the message ${JSON.stringify(message)}, found ${JSON.stringify(result.message)}`;
  };
}

/** How a command ended, in words that fit behind "but …". */
function describeEnding(result: CommandResult): string {
  switch (result.outcome) {
    case "exited":
      return `the command ended with status ${result.exitCode}`;
    case "signaled":
      return `the command was killed by ${result.signal}`;
    case "oops":
      return `the kernel oopsed: ${result.message}`;
    case "not-started":
      return `the command could not be started (${result.errno})`;
    case "timeout":
      return `the command did not end within ${result.timeoutMs / 1000} s`;
    case "aborted":
      return "the command was aborted";
    case "output-limit":
      return "the command printed without end";
    case "lost":
      return `the command was lost: ${result.reason}`;
    case "panic":
      return `the kernel panicked: ${result.message}`;
    case "frozen":
      return `the machine froze (${result.freeze.reason})`;
    case "dead":
      return `the machine died (${result.cause.kind})`;
  }
}

function firstMissing(lines: readonly string[], patterns: readonly RegExp[]): RegExp | undefined {
  let next = 0;
  for (const pattern of patterns) {
    const found = lines.slice(next).findIndex((line) => pattern.test(line));
    if (found < 0) return pattern;
    next += found + 1;
  }
  return undefined;
}
