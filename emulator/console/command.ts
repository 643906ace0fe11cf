import { CreditedBytes } from "./credited-bytes.js";
import { deferred } from "./deferred.js";
import { errnoName } from "./errno.js";
import { abortedError, ControlLineError } from "./errors.js";
import { type ExecSpec, encodeExecSpec } from "./exec-spec.js";
import {
  type CommandMessage,
  execMessage,
  signalMessage,
  stdinEofMessage,
  stdinMessage,
} from "./messages.js";
import type { BulkSource } from "./outgoing.js";
import { EXEC_SPEC_MAX, EXEC_STEPS, type ExecStep, TO_GUEST_PAYLOAD_MAX } from "./protocol.js";
import { type SignalName, signalName, signalNumber } from "./signals.js";

/** What a process used, the children that it waited for included (wait4(2), getrusage(2)). */
export interface ResourceUsage {
  readonly userMs: number;
  readonly systemMs: number;
  readonly maxRssKiB: number;
}

/** How a command ended. */
export type CommandExit =
  | { readonly kind: "exited"; readonly code: number; readonly usage: ResourceUsage }
  | {
      readonly kind: "signaled";
      /** `SIGSEGV`, …, or `SIGRTMIN+n`. */
      readonly signal: string;
      readonly coreDumped: boolean;
      readonly usage: ResourceUsage;
    }
  /** No program ran: which step to it failed, and why. */
  | { readonly kind: "failed-to-start"; readonly errno: string; readonly step: ExecStep };

export interface ExecOptions {
  /**
   * What the program reads. `"open"`: what {@link RunningCommand.writeStdin} sends, until
   * {@link RunningCommand.endStdin}. Default: nothing.
   */
  readonly stdin?: Uint8Array | AsyncIterable<Uint8Array> | "open";
  /** Called in order with chunks of any size. One that throws kills the command. */
  readonly onStdout?: (bytes: Uint8Array) => void;
  readonly onStderr?: (bytes: Uint8Array) => void;
  /** Kills the command's process group, and rejects its promises with `aborted`. */
  readonly signal?: AbortSignal;
}

/** A command in the guest. Its promises may be left alone: they never go unhandled. */
export interface RunningCommand {
  /** Its process id in the guest. Rejects with `refused` when it does not start. */
  readonly pid: Promise<number>;
  /** Settles once all output of the process has been handed out. */
  readonly exit: Promise<CommandExit>;
  /** Signals its process group. A command that has ended is left in peace. */
  kill(signal?: SignalName): void;
  /**
   * Sends to the program's standard input.
   * @returns when the guest is near to having read it: wait for it before writing more.
   */
  writeStdin(bytes: Uint8Array): Promise<void>;
  /** The program reads the end of its input after what was written. */
  endStdin(): void;
}

/** What a command needs of the control line. */
export interface CommandLine {
  /** Sends a message ahead of those that wait. */
  urgent(message: Uint8Array): void;
  /** There is something new to send. */
  pump(): void;
  /** Nothing of it is to be sent or to come any more. */
  finished(command: Command): void;
}

/** Standard input that waits on the host while its source goes on producing. */
const STDIN_HIGH_WATER = 64 * 1024;

/** The host's side of one command. */
export class Command implements BulkSource, RunningCommand {
  readonly id: number;
  readonly #line: CommandLine;
  readonly #options: ExecOptions;
  readonly #pid = deferred<number>();
  readonly #exit = deferred<CommandExit>();
  readonly #stdin = new CreditedBytes();
  #request: Uint8Array[];
  /** Signals that came before the request was sent: they follow it. */
  #signals: number[] = [];
  #drained: (() => void)[] = [];
  #unlisten: (() => void) | undefined;
  /** The caller has its answer; output that still comes is dropped. */
  #settled = false;

  /** @throws ControlLineError `bad-request` */
  constructor(id: number, spec: ExecSpec, options: ExecOptions, line: CommandLine) {
    this.id = id;
    this.#line = line;
    this.#options = options;
    const { stdin } = options;
    const hasStdin = stdin !== undefined && !(stdin instanceof Uint8Array && stdin.length === 0);
    this.#request = requestMessages(id, encodeExecSpec(spec, hasStdin));
    if (stdin === undefined) this.#stdin.end();
    else if (stdin instanceof Uint8Array) {
      this.#stdin.put(stdin);
      this.#stdin.end();
    }
    if (!hasStdin) this.#stdin.discard();
    this.#listenToAbort();
  }

  get pid(): Promise<number> {
    return this.#pid.promise;
  }

  get exit(): Promise<CommandExit> {
    return this.#exit.promise;
  }

  /** Call once the command is on the line. */
  begin(): void {
    const { stdin } = this.#options;
    if (stdin === undefined || stdin === "open" || stdin instanceof Uint8Array) return;
    this.#feed(stdin).catch((error: unknown) => this.#abandon(error));
  }

  kill(signal: SignalName = "SIGKILL"): void {
    this.#signal(signalNumber(signal));
  }

  async writeStdin(bytes: Uint8Array): Promise<void> {
    this.#stdin.put(bytes);
    this.#line.pump();
    if (this.#stdin.waiting <= STDIN_HIGH_WATER) return;
    await new Promise<void>((resolve) => this.#drained.push(resolve));
  }

  endStdin(): void {
    this.#stdin.end();
    this.#line.pump();
  }

  next(): Uint8Array | undefined {
    const request = this.#request.shift();
    if (request !== undefined) return request;
    const signal = this.#signals.shift();
    if (signal !== undefined) return signalMessage(this.id, signal);
    const bytes = this.#stdin.take();
    if (bytes !== undefined) {
      this.#releaseWriters(STDIN_HIGH_WATER);
      return stdinMessage(this.id, bytes);
    }
    return this.#stdin.takeEnd() ? stdinEofMessage(this.id) : undefined;
  }

  receive(message: CommandMessage): void {
    switch (message.kind) {
      case "started":
        this.#pid.resolve(message.pid);
        break;
      case "stdout":
        this.#output(message.bytes, this.#options.onStdout);
        break;
      case "stderr":
        this.#output(message.bytes, this.#options.onStderr);
        break;
      case "stdin-credit":
        this.#stdin.addCredit(message.bytes);
        break;
      case "stdin-closed":
        this.#stopStdin();
        break;
      case "exec-failed":
        this.#failedToStart(errnoName(message.errno), stepName(message.step));
        break;
      case "exit": {
        const usage = {
          userMs: message.userUs / 1000,
          systemMs: message.systemUs / 1000,
          maxRssKiB: message.maxRssKiB,
        };
        this.#finish(
          message.signaled
            ? {
                kind: "signaled",
                signal: signalName(message.value),
                coreDumped: message.coreDumped,
                usage,
              }
            : { kind: "exited", code: message.value, usage },
        );
        break;
      }
    }
  }

  /** It cannot go on: the line is gone. */
  fail(error: ControlLineError): void {
    this.#stopStdin();
    this.#settle(() => {
      this.#pid.reject(error);
      this.#exit.reject(error);
    });
  }

  #signal(signal: number): void {
    // The agent knows the command once it has the whole request.
    if (this.#request.length > 0 || this.#signals.length > 0) this.#signals.push(signal);
    else this.#line.urgent(signalMessage(this.id, signal));
  }

  #output(bytes: Uint8Array, handler: ((bytes: Uint8Array) => void) | undefined): void {
    if (this.#settled || handler === undefined) return;
    try {
      handler(bytes);
    } catch (error) {
      this.#abandon(error);
    }
  }

  #failedToStart(errno: string, step: ExecStep): void {
    const why = `the command did not start: ${step}: ${errno}`;
    this.#pid.reject(new ControlLineError("refused", why));
    this.#finish({ kind: "failed-to-start", errno, step });
  }

  #finish(exit: CommandExit): void {
    this.#stopStdin();
    this.#settle(() => this.#exit.resolve(exit));
    this.#line.finished(this);
  }

  /** Gives the caller its error at once, and the process no time to go on. */
  #abandon(error: unknown): void {
    if (this.#settled) return;
    this.#stopStdin();
    this.#settle(() => {
      this.#pid.reject(error);
      this.#exit.reject(error);
    });
    this.#signal(signalNumber("SIGKILL"));
  }

  #settle(settle: () => void): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#unlisten?.();
    settle();
  }

  #listenToAbort(): void {
    const { signal } = this.#options;
    if (signal === undefined) return;
    const abort = (): void => this.#abandon(abortedError("the command", signal));
    signal.addEventListener("abort", abort, { once: true });
    this.#unlisten = () => signal.removeEventListener("abort", abort);
  }

  #stopStdin(): void {
    this.#stdin.discard();
    this.#releaseWriters(0);
  }

  #releaseWriters(highWater: number): void {
    if (this.#stdin.waiting > highWater) return;
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  async #feed(source: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const chunk of source) {
      // Leaving the loop tells the source that nobody reads it any more.
      if (this.#stdin.ended) return;
      await this.writeStdin(chunk);
      if (this.#stdin.ended) return;
    }
    this.endStdin();
  }
}

function stepName(step: number): ExecStep {
  return EXEC_STEPS[step as keyof typeof EXEC_STEPS] ?? "request";
}

function requestMessages(id: number, spec: Uint8Array): Uint8Array[] {
  if (spec.length > EXEC_SPEC_MAX) {
    throw new ControlLineError(
      "bad-request",
      `arguments and environment of a command are ${spec.length} bytes, more than ` +
        `${EXEC_SPEC_MAX}: pass them in a file or as standard input`,
    );
  }
  const messages: Uint8Array[] = [];
  const most = TO_GUEST_PAYLOAD_MAX - 4;
  for (let offset = 0; offset < spec.length; offset += most) {
    const part = spec.subarray(offset, offset + most);
    messages.push(execMessage(id, offset, part, offset + most >= spec.length));
  }
  return messages;
}
