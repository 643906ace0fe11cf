import { disposable, Emitter } from "../machine/emitter.js";
import type { ByteLine } from "./byte-line.js";
import { Command, type ExecOptions, type RunningCommand } from "./command.js";
import { type Deferred, deferred } from "./deferred.js";
import { errnoName } from "./errno.js";
import { abortedError, ControlLineError } from "./errors.js";
import type { ExecSpec } from "./exec-spec.js";
import { GuestCall, type RequestHandler } from "./guest-call.js";
import { type AgentInfo, Link } from "./link.js";
import { type CallMessage, parseGuestMessage, pingMessage, setTimeMessage } from "./messages.js";
import { Outgoing } from "./outgoing.js";
import type { Timers } from "./timers.js";

export interface ControlLineOptions {
  /** Time without progress after which the line counts as lost, milliseconds. Default: 30 s. */
  readonly lostAfterMs?: number;
  /** A random unsigned 32-bit number, to tell sessions apart. Default: from the platform. */
  readonly nonce?: () => number;
}

export interface ConnectOptions {
  readonly signal?: AbortSignal;
  /** How long to wait for the agent, milliseconds of the line's timers. Default: for ever. */
  readonly timeoutMs?: number;
}

/** How long a kernel may be busy with something else, with a wide margin. */
const LOST_AFTER_MS = 30_000;

/**
 * The host's end of the control line: runs commands in the guest through its agent
 * (kernel-src/agent), and answers requests of the guest. Each promise that it hands out
 * settles: with a result, or with a {@link ControlLineError}.
 */
export class ControlLine {
  readonly #timers: Timers;
  readonly #link: Link;
  readonly #outgoing = new Outgoing();
  readonly #commands = new Map<number, Command>();
  readonly #pings = new Map<
    number,
    { readonly sentAt: number; readonly answer: Deferred<number> }
  >();
  readonly #timesSet = new Map<number, Deferred<void>>();
  readonly #calls = new Map<number, GuestCall>();
  readonly #handlers = new Map<string, RequestHandler>();
  readonly #lost = new Emitter<ControlLineError>();
  /** The session broke by itself: the agent restarted, or does not answer. Connect again. */
  readonly onLost = this.#lost.on;
  #lastId = 0;
  #closed = false;

  /** @param timers guest time, so that a paused guest does not run into timeouts. */
  constructor(line: ByteLine, timers: Timers, options: ControlLineOptions = {}) {
    this.#timers = timers;
    const user = {
      receive: (message: Uint8Array) => this.#receive(message),
      queue: this.#outgoing,
      lost: (error: ControlLineError) => {
        this.#dropAll(error);
        this.#lost.emit(error);
      },
    };
    this.#link = new Link(line, timers, user, {
      lostAfterMs: options.lostAfterMs ?? LOST_AFTER_MS,
      nonce: options.nonce ?? randomNonce,
    });
  }

  get connected(): boolean {
    return this.#link.isOpen;
  }

  /**
   * Begins a new session with the agent, at the start and after each restore of the guest:
   * what ran in a former one is killed. Waits for a guest that is still booting.
   * @throws ControlLineError `protocol-version`, `aborted`, `control-line-lost`, `closed`
   */
  async connect(options: ConnectOptions = {}): Promise<AgentInfo> {
    const { signal, timeoutMs } = options;
    if (this.#closed) throw closedError();
    if (signal?.aborted === true) throw abortedError("connecting", signal);
    this.reset();

    const opening = this.#link.open();
    const abort = (): void => {
      if (signal !== undefined) this.#fail(abortedError("connecting", signal));
    };
    signal?.addEventListener("abort", abort, { once: true });
    const timeout =
      timeoutMs === undefined
        ? undefined
        : this.#timers.after(timeoutMs, () =>
            this.#fail(
              new ControlLineError(
                "control-line-lost",
                `the agent in the guest did not answer within ${timeoutMs} ms`,
              ),
            ),
          );
    try {
      return await opening;
    } finally {
      signal?.removeEventListener("abort", abort);
      timeout?.[Symbol.dispose]();
    }
  }

  /** Forgets the session, before a restore of the guest. All that runs rejects with `reset`. */
  reset(): void {
    this.#fail(new ControlLineError("reset", "the control line was reset under the operation"));
  }

  /** Closes the line for good. All that runs rejects with `closed`. */
  [Symbol.dispose](): void {
    this.#closed = true;
    this.#fail(closedError());
    this.#link[Symbol.dispose]();
  }

  /** Starts a command. Never throws: what is wrong rejects the command's promises. */
  exec(spec: ExecSpec, options: ExecOptions = {}): RunningCommand {
    const unable = this.#unable("the command", options.signal);
    if (unable !== undefined) return failedCommand(unable);
    const id = this.#nextId();
    let command: Command;
    try {
      command = new Command(id, spec, options, {
        urgent: (message) => this.#control(message),
        pump: () => this.#link.pump(),
        finished: () => {
          this.#commands.delete(id);
          this.#outgoing.remove(command);
        },
      });
    } catch (error) {
      return failedCommand(error);
    }
    this.#commands.set(id, command);
    this.#outgoing.add(command);
    command.begin();
    this.#link.pump();
    return command;
  }

  /** Asks the agent for a sign of life. @returns how long the answer took, milliseconds. */
  ping(): Promise<number> {
    const unable = this.#unable("a ping");
    if (unable !== undefined) return Promise.reject(unable);
    const id = this.#nextId();
    const answer = deferred<number>();
    this.#pings.set(id, { sentAt: this.#timers.now(), answer });
    this.#control(pingMessage(id));
    return answer.promise;
  }

  /**
   * Sets the guest's date.
   * @param ms since 1970, as `Date.now()` says it.
   * @throws ControlLineError `refused`
   */
  setTime(ms: number): Promise<void> {
    const unable = this.#unable("setting the date");
    if (unable !== undefined) return Promise.reject(unable);
    const id = this.#nextId();
    const answer = deferred<void>();
    this.#timesSet.set(id, answer);
    const seconds = Math.floor(ms / 1000);
    this.#control(setTimeMessage(id, seconds, Math.floor((ms - seconds * 1000) * 1e6)));
    return answer.promise;
  }

  /** Answers `kspace-call name …` in the guest, in this session and later ones. */
  onRequest(name: string, handler: RequestHandler): Disposable {
    this.#handlers.set(name, handler);
    return disposable(() => {
      if (this.#handlers.get(name) === handler) this.#handlers.delete(name);
    });
  }

  #nextId(): number {
    this.#lastId = (this.#lastId + 1) >>> 0;
    return this.#lastId;
  }

  #control(message: Uint8Array): void {
    this.#outgoing.control(message);
    this.#link.pump();
  }

  #unable(what: string, signal?: AbortSignal): ControlLineError | undefined {
    if (this.#closed) return closedError();
    if (signal?.aborted === true) return abortedError(what, signal);
    if (this.#link.isOpen) return undefined;
    return new ControlLineError("not-connected", "the control line has no session: connect first");
  }

  #fail(error: ControlLineError): void {
    this.#link.reset(error);
    this.#dropAll(error);
  }

  #dropAll(error: ControlLineError): void {
    const commands = [...this.#commands.values()];
    const answers = [
      ...[...this.#pings.values()].map(({ answer }) => answer),
      ...this.#timesSet.values(),
    ];
    const calls = [...this.#calls.values()];
    for (const map of [this.#commands, this.#pings, this.#timesSet, this.#calls]) map.clear();
    this.#outgoing.clear();
    for (const command of commands) command.fail(error);
    for (const answer of answers) answer.reject(error);
    for (const call of calls) call.gone();
  }

  #receive(bytes: Uint8Array): void {
    const message = parseGuestMessage(bytes);
    if (message === undefined) return;
    switch (message.kind) {
      case "pong":
        this.#pong(message.id);
        break;
      case "time-set":
        this.#timeSet(message.id, message.errno);
        break;
      case "call":
      case "call-data":
      case "call-end":
      case "call-gone":
      case "reply-credit":
        this.#receiveCall(message);
        break;
      default:
        this.#commands.get(message.id)?.receive(message);
    }
  }

  #pong(id: number): void {
    const ping = this.#pings.get(id);
    this.#pings.delete(id);
    ping?.answer.resolve(this.#timers.now() - ping.sentAt);
  }

  #timeSet(id: number, errno: number): void {
    const answer = this.#timesSet.get(id);
    this.#timesSet.delete(id);
    if (errno === 0) answer?.resolve();
    else {
      const message = `the guest did not set its date: ${errnoName(errno)}`;
      answer?.reject(new ControlLineError("refused", message));
    }
  }

  #receiveCall(message: CallMessage): void {
    const { id } = message;
    const call = this.#calls.get(id);
    switch (message.kind) {
      case "call":
        this.#newCall(id, { pid: message.pid, uid: message.uid, gid: message.gid });
        break;
      case "call-data":
        call?.data(message.bytes);
        break;
      case "call-end":
        call?.end();
        break;
      case "call-gone":
        if (call !== undefined) this.#removeCall(call);
        call?.gone();
        break;
      case "reply-credit":
        call?.addCredit(message.bytes);
        break;
    }
  }

  #newCall(id: number, caller: { pid: number; uid: number; gid: number }): void {
    const call: GuestCall = new GuestCall(id, caller, {
      handler: (name) => this.#handlers.get(name),
      pump: () => this.#link.pump(),
      finished: () => this.#removeCall(call),
    });
    this.#calls.set(id, call);
    this.#outgoing.add(call);
  }

  #removeCall(call: GuestCall): void {
    this.#calls.delete(call.id);
    this.#outgoing.remove(call);
  }
}

function randomNonce(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

function closedError(): ControlLineError {
  return new ControlLineError("closed", "the control line was closed");
}

function failedCommand(error: unknown): RunningCommand {
  const pid = deferred<number>();
  const exit = deferred<never>();
  pid.reject(error);
  exit.reject(error);
  return {
    pid: pid.promise,
    exit: exit.promise,
    kill: () => undefined,
    writeStdin: () => Promise.resolve(),
    endStdin: () => undefined,
  };
}
