import {
  type CommandExit,
  type ControlLine,
  concatBytes,
  type KernelRecord,
  type RunningCommand,
} from "../console/index.js";
import { disposable } from "../machine/emitter.js";
import type { Machine } from "../machine/machine.js";
import { isOops } from "../reports/index.js";
import type { Autopsy } from "./autopsy/index.js";
import type { CommandResult, Doom, Ending } from "./outcome.js";
import type { LabReport } from "./report-decoder.js";

/** How to run a program; everything has a default. */
export interface CommandOptions {
  readonly args?: readonly string[];
  /** Default: the user's home folder. */
  readonly cwd?: string;
  /** Added to the default environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: root, who may load modules. */
  readonly user?: "root" | "student";
  readonly stdin?: Uint8Array | string;
  /** Guest milliseconds, which do not pass while the lab is paused. Default: none. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Bytes of output, both streams together; a program that writes more is killed. */
  readonly outputLimit?: number;
  readonly onStdout?: (bytes: Uint8Array) => void;
  readonly onStderr?: (bytes: Uint8Array) => void;
}

/** What a command needs of the lab that it runs in. */
export interface CommandHost {
  readonly machine: Machine;
  readonly control: ControlLine;
  readonly doom: Doom | undefined;
  onDoom(listener: (doom: Doom) => void): Disposable;
  /** How many records the kernel has logged. */
  readonly kernelLogLength: number;
  /** The records since there were so many. */
  kernelLogSince(length: number): readonly KernelRecord[];
  /** How many reports the kernel has made. */
  readonly reportCount: number;
  /** The reports since there were so many, once they are over and decoded. */
  reportsSince(count: number): Promise<readonly LabReport[]>;
  /** What the guest shows when it is opened up; all of its memory is read at once. */
  autopsy(): Promise<Autopsy>;
}

const DEFAULT_OUTPUT_LIMIT = 64 * 1024 * 1024;
/** How long a killed program may take to go before its command is given up. */
const KILL_GRACE_MS = 1000;

const USERS = {
  root: { uid: 0, gid: 0, home: "/root" },
  student: { uid: 1000, gid: 1000, home: "/home/student" },
} as const;

/** What a command ends with whose signal fired while it waited for others to end. */
export const ABORTED_BEFORE_ITS_TURN: CommandResult = {
  outcome: "aborted",
  stdout: new Uint8Array(),
  stderr: new Uint8Array(),
  ms: 0,
  kernelLog: [],
  reports: [],
};

/** Runs one program to whatever end it finds. Never rejects. */
export async function runCommand(
  host: CommandHost,
  program: string,
  options: CommandOptions,
): Promise<CommandResult> {
  const start = host.machine.sample().guestMs;
  const logStart = host.kernelLogLength;
  const reportStart = host.reportCount;
  const output = new Output(options);
  const { ending, autopsy: opened } = await awaitEnding(host, program, options, output);
  const ms = host.machine.sample().guestMs - start;
  const reports = await host.reportsSince(reportStart);
  const autopsy = await opened;
  return {
    ...withOops(ending, reports),
    stdout: concatBytes(output.stdout),
    stderr: concatBytes(output.stderr),
    // A restore under the command sets guest time back.
    ms: Math.max(0, ms),
    kernelLog: host.kernelLogSince(logStart),
    reports,
    ...(autopsy && { autopsy }),
  };
}

/** How a command ended, and what the guest showed at that moment where it explains the ending. */
interface Ended {
  readonly ending: Ending;
  readonly autopsy?: Promise<Autopsy | undefined>;
}

/** Collects what a program writes, up to a limit. */
class Output {
  readonly stdout: Uint8Array[] = [];
  readonly stderr: Uint8Array[] = [];
  readonly limit: number;
  onLimit: () => void = () => undefined;
  readonly #options: CommandOptions;
  #bytes = 0;

  constructor(options: CommandOptions) {
    this.#options = options;
    this.limit = options.outputLimit ?? DEFAULT_OUTPUT_LIMIT;
  }

  readonly onStdout = (bytes: Uint8Array): void => {
    this.#take(bytes, this.stdout, this.#options.onStdout);
  };

  readonly onStderr = (bytes: Uint8Array): void => {
    this.#take(bytes, this.stderr, this.#options.onStderr);
  };

  #take(bytes: Uint8Array, to: Uint8Array[], handler: CommandOptions["onStdout"]): void {
    const kept = bytes.subarray(0, this.limit - this.#bytes);
    this.#bytes += kept.length;
    if (kept.length > 0) {
      to.push(kept);
      handler?.(kept);
    }
    if (kept.length < bytes.length) this.onLimit();
  }
}

async function awaitEnding(
  host: CommandHost,
  program: string,
  options: CommandOptions,
  output: Output,
): Promise<Ended> {
  const { signal, timeoutMs } = options;
  if (host.doom !== undefined) return opened(host, host.doom);
  if (signal?.aborted) return { ending: { outcome: "aborted" } };

  const cleanup: Disposable[] = [];
  try {
    return await new Promise<Ended>((resolve) => {
      const running = start(host.control, program, options, output);
      /** Set once the program is being killed: what its command ends with then. */
      let forced: Ended | undefined;
      const force = (ended: Ended): void => {
        forced ??= ended;
        running.kill("SIGKILL");
        cleanup.push(host.machine.afterGuestMs(KILL_GRACE_MS, () => resolve(ended)));
      };
      running.exit.then(
        (exit) => resolve(forced ?? { ending: endingOf(exit) }),
        (error: Error) => resolve(forced ?? { ending: { outcome: "lost", reason: error.message } }),
      );
      cleanup.push(host.onDoom((doom) => resolve(opened(host, doom))));
      output.onLimit = () =>
        force({ ending: { outcome: "output-limit", limitBytes: output.limit } });
      if (timeoutMs !== undefined) {
        // Opened before it is killed: what it waits for is what it ran out of time for.
        const expire = (): void => force(opened(host, { outcome: "timeout", timeoutMs }));
        cleanup.push(host.machine.afterGuestMs(timeoutMs, expire));
      }
      if (signal !== undefined) {
        const abort = (): void => force({ ending: { outcome: "aborted" } });
        signal.addEventListener("abort", abort, { once: true });
        cleanup.push(disposable(() => signal.removeEventListener("abort", abort)));
      }
    });
  } finally {
    for (const item of cleanup) item[Symbol.dispose]();
  }
}

/** With what the guest shows now, if it can show anything. */
function opened(host: CommandHost, ending: Ending): Ended {
  if (ending.outcome === "dead") return { ending };
  // Without its symbols a guest cannot be opened, and has ended all the same.
  return { ending, autopsy: host.autopsy().catch(() => undefined) };
}

function start(
  control: ControlLine,
  program: string,
  options: CommandOptions,
  output: Output,
): RunningCommand {
  const { uid, gid, home } = USERS[options.user ?? "root"];
  const name = options.user ?? "root";
  const env = {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: home,
    USER: name,
    LOGNAME: name,
    ...options.env,
  };
  const { stdin } = options;
  return control.exec(
    {
      argv: [program, ...(options.args ?? [])],
      env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
      cwd: options.cwd ?? home,
      uid,
      gid,
    },
    {
      stdin:
        typeof stdin === "string" ? new TextEncoder().encode(stdin) : (stdin ?? new Uint8Array()),
      onStdout: output.onStdout,
      onStderr: output.onStderr,
    },
  );
}

function endingOf(exit: CommandExit): Ending {
  switch (exit.kind) {
    case "exited":
      return { outcome: "exited", exitCode: exit.code };
    case "signaled":
      return { outcome: "signaled", signal: exit.signal, coreDumped: exit.coreDumped };
    case "failed-to-start":
      return { outcome: "not-started", errno: exit.errno, step: exit.step };
  }
}

/** A program that dies by a signal while the kernel reports an oops was killed for it. */
function withOops(ending: Ending, reports: readonly LabReport[]): Ending {
  if (ending.outcome !== "signaled") return ending;
  const oops = reports.find(({ report }) => isOops(report));
  if (oops === undefined) return ending;
  return { outcome: "oops", signal: ending.signal, message: oops.report.message };
}
