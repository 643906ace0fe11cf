import { ArqReceiver } from "./arq-receiver.js";
import { ArqSender, type MessageQueue } from "./arq-sender.js";
import type { ByteLine } from "./byte-line.js";
import { ControlLineError } from "./errors.js";
import { encodeFrame, FrameDecoder } from "./frame.js";
import {
  ackFrame,
  dataFrame,
  type GuestFrame,
  helloFrame,
  nakFrame,
  parseGuestFrame,
  pollFrame,
} from "./link-frame.js";
import { DATA_HEADER, MESSAGE_HEADER, PROTOCOL_VERSION, TO_HOST_PAYLOAD_MAX } from "./protocol.js";
import type { Timers } from "./timers.js";

/** The first HELLO is repeated after this time, later ones after twice the last up to a limit. */
const FIRST_HELLO_MS = 50;
const LAST_HELLO_MS = 1000;

/** The agent in the guest, as it introduces itself. */
export interface AgentInfo {
  readonly version: number;
  /** Its process id in the guest. */
  readonly pid: number;
}

export interface LinkUser {
  /** A message from the guest, in order, once. */
  receive(message: Uint8Array): void;
  /** The next message to the guest. */
  readonly queue: MessageQueue;
  /** The session broke; the link is idle again. */
  lost(error: ControlLineError): void;
}

interface Handshake {
  readonly kind: "handshake";
  readonly nonce: number;
  readonly resolve: (agent: AgentInfo) => void;
  readonly reject: (error: ControlLineError) => void;
  helloMs: number;
  timer: Disposable | undefined;
}

interface Session {
  readonly kind: "session";
  readonly nonce: number;
  readonly sender: ArqSender;
  readonly receiver: ArqReceiver;
}

type LinkState = { readonly kind: "idle" } | Handshake | Session;

export interface LinkOptions {
  /** A session that makes no progress for so long is lost. */
  readonly lostAfterMs: number;
  /** A random unsigned 32-bit number: names a session apart from those of other times. */
  readonly nonce: () => number;
}

/** Messages to and from the agent, over a line that may lose or damage bytes. */
export class Link {
  readonly #line: ByteLine;
  readonly #timers: Timers;
  readonly #user: LinkUser;
  readonly #options: LinkOptions;
  readonly #decoder = new FrameDecoder(DATA_HEADER + MESSAGE_HEADER + TO_HOST_PAYLOAD_MAX);
  readonly #listening: Disposable;
  #state: LinkState = { kind: "idle" };

  constructor(line: ByteLine, timers: Timers, user: LinkUser, options: LinkOptions) {
    this.#line = line;
    this.#timers = timers;
    this.#user = user;
    this.#options = options;
    this.#listening = line.onOutput((bytes) => this.#input(bytes));
  }

  [Symbol.dispose](): void {
    this.reset(new ControlLineError("closed", "the control line was closed"));
    this.#listening[Symbol.dispose]();
  }

  get isOpen(): boolean {
    return this.#state.kind === "session";
  }

  /** Begins a new session, in which the agent forgets all former ones. Ask only when idle. */
  open(): Promise<AgentInfo> {
    return new Promise((resolve, reject) => {
      const nonce = this.#options.nonce();
      const handshake: Handshake = {
        kind: "handshake",
        nonce,
        resolve,
        reject,
        helloMs: FIRST_HELLO_MS,
        timer: undefined,
      };
      this.#state = handshake;
      this.#hello(handshake);
    });
  }

  /** Forgets the session, on this side only. An unfinished {@link open} rejects. */
  reset(error: ControlLineError): void {
    const state = this.#state;
    this.#state = { kind: "idle" };
    this.#decoder.reset();
    if (state.kind === "handshake") {
      state.timer?.[Symbol.dispose]();
      state.reject(error);
    } else if (state.kind === "session") {
      state.sender[Symbol.dispose]();
      state.receiver[Symbol.dispose]();
    }
  }

  /** There is something new in the queue. */
  pump(): void {
    if (this.#state.kind === "session") this.#state.sender.pump();
  }

  #hello(handshake: Handshake): void {
    handshake.timer?.[Symbol.dispose]();
    this.#write(helloFrame(handshake.nonce));
    handshake.timer = this.#timers.after(handshake.helloMs, () => this.#hello(handshake));
    handshake.helloMs = Math.min(2 * handshake.helloMs, LAST_HELLO_MS);
  }

  #write(frame: Uint8Array): number {
    const bytes = encodeFrame(frame);
    this.#line.write(bytes);
    return bytes.length;
  }

  #input(bytes: Uint8Array): void {
    for (const decoded of this.#decoder.push(bytes)) {
      if (decoded.kind === "damaged") {
        if (this.#state.kind === "session") this.#state.receiver.damaged();
        continue;
      }
      const frame = parseGuestFrame(decoded.body);
      if (frame !== undefined) this.#frame(frame);
    }
    if (this.#state.kind === "session") {
      this.#state.sender.pump();
      this.#state.receiver.acknowledge();
    }
  }

  #frame(frame: GuestFrame): void {
    const state = this.#state;
    if (state.kind === "handshake") this.#frameInHandshake(state, frame);
    else if (state.kind === "session") this.#frameInSession(state, frame);
  }

  #frameInHandshake(handshake: Handshake, frame: GuestFrame): void {
    if (frame.kind === "ready") {
      // It has just started: what was said to it before, it has not heard.
      handshake.helloMs = FIRST_HELLO_MS;
      this.#hello(handshake);
      return;
    }
    // Anything else is left over from a former session.
    if (frame.kind !== "hello-ack" || frame.nonce !== handshake.nonce) return;
    handshake.timer?.[Symbol.dispose]();
    if (frame.version !== PROTOCOL_VERSION) {
      this.#state = { kind: "idle" };
      handshake.reject(
        new ControlLineError(
          "protocol-version",
          `the agent in the guest speaks version ${frame.version} of the control protocol, ` +
            `this host version ${PROTOCOL_VERSION}: use the image that belongs to this release`,
        ),
      );
      return;
    }
    this.#state = this.#session(handshake.nonce);
    handshake.resolve({ version: frame.version, pid: frame.pid });
  }

  #session(nonce: number): Session {
    const receiver = new ArqReceiver(
      {
        deliver: (message) => this.#user.receive(message),
        sendAck: (acknowledged) => this.#write(ackFrame(acknowledged)),
        sendNak: (acknowledged, token) => this.#write(nakFrame(acknowledged, token)),
      },
      this.#timers,
    );
    const sender = new ArqSender(
      {
        transmit: (sequence, message) =>
          this.#write(dataFrame(sequence, receiver.takeAcknowledgement(), message)),
        poll: (token) => this.#write(pollFrame(receiver.takeAcknowledgement(), token)),
        lost: () =>
          this.#lose(
            "control-line-lost",
            "the agent in the guest does not answer; restore the guest",
          ),
      },
      this.#user.queue,
      this.#timers,
      this.#options.lostAfterMs,
    );
    return { kind: "session", nonce, sender, receiver };
  }

  #frameInSession(session: Session, frame: GuestFrame): void {
    switch (frame.kind) {
      case "data":
        session.sender.acknowledge(frame.acknowledged);
        session.receiver.data(frame.sequence, frame.message);
        break;
      case "ack":
        session.sender.acknowledge(frame.acknowledged);
        break;
      case "nak":
        session.sender.negative(frame.acknowledged, frame.token);
        break;
      case "poll":
        session.sender.acknowledge(frame.acknowledged);
        session.receiver.poll(frame.token);
        break;
      case "ready":
        this.#lose("agent-restarted", "the agent in the guest was started anew; connect again");
        break;
      case "hello-ack":
        break; // The answer to a HELLO that was repeated.
    }
  }

  #lose(code: "control-line-lost" | "agent-restarted", message: string): void {
    const error = new ControlLineError(code, message);
    this.reset(error);
    this.#user.lost(error);
  }
}
