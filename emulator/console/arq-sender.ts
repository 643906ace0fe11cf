import { sequenceAfter, sequenceDistance } from "./sequence.js";
import type { Timers } from "./timers.js";

/**
 * Bytes on the line that may be unacknowledged. The guest's line discipline buffers 4096
 * (N_TTY_BUF_SIZE, drivers/tty/n_tty.c); the rest is left to frames that carry no data.
 */
const BULK_WINDOW = 3200;
/** Control messages are small and may go beyond the window of bulk. */
const CONTROL_WINDOW = 3600;

/** The first question for a missing acknowledgement; guests under load take some 150 ms. */
const FIRST_POLL_MS = 200;
/** 30 s of them are 600 bytes in the buffer of a guest that is stuck. */
const LAST_POLL_MS = 500;

export interface SenderLine {
  /** Transmits a DATA frame. @returns its length on the line. */
  transmit(sequence: number, message: Uint8Array): number;
  /** Transmits a POLL frame: what have you got? */
  poll(token: number): void;
  /** The other side has acknowledged nothing new for so long that it never will. */
  lost(): void;
}

/** Where a sender takes messages from. */
export interface MessageQueue {
  /** @param withBulk whether there is room for messages that can wait. */
  next(withBulk: boolean): Uint8Array | undefined;
}

interface Outstanding {
  readonly message: Uint8Array;
  readonly lineBytes: number;
}

/** The sending half of the link: numbers messages, keeps them until they are acknowledged. */
export class ArqSender {
  readonly #line: SenderLine;
  readonly #queue: MessageQueue;
  readonly #timers: Timers;
  readonly #lostAfterMs: number;
  /** Sent and unacknowledged, oldest first; `#base` is the number of the first. */
  #outstanding: Outstanding[] = [];
  #base = 0;
  #bytes = 0;
  #timer: Disposable | undefined;
  #pollMs = FIRST_POLL_MS;
  #progressAt: number;
  #lastToken = 0;
  /** The token of the POLL whose answer counts; 0: none does. */
  #openToken = 0;

  constructor(line: SenderLine, queue: MessageQueue, timers: Timers, lostAfterMs: number) {
    this.#line = line;
    this.#queue = queue;
    this.#timers = timers;
    this.#lostAfterMs = lostAfterMs;
    this.#progressAt = timers.now();
  }

  [Symbol.dispose](): void {
    this.#stopTimer();
    this.#outstanding = [];
  }

  /** Sends what is there to send and fits into the window. */
  pump(): void {
    while (this.#bytes < CONTROL_WINDOW) {
      const message = this.#queue.next(this.#bytes === 0 || this.#fitsBulk());
      if (message === undefined) return;
      const sequence = sequenceAfter(this.#base, this.#outstanding.length);
      const lineBytes = this.#line.transmit(sequence, message);
      if (this.#outstanding.length === 0) this.#progress();
      this.#outstanding.push({ message, lineBytes });
      this.#bytes += lineBytes;
      if (this.#timer === undefined) this.#startTimer();
    }
  }

  /** The other side has everything before `sequence`. */
  acknowledge(sequence: number): void {
    const count = sequenceDistance(this.#base, sequence);
    if (count === 0 || count > this.#outstanding.length) return;
    for (const { lineBytes } of this.#outstanding.splice(0, count)) this.#bytes -= lineBytes;
    this.#base = sequence;
    this.#progress();
    this.#stopTimer();
    if (this.#outstanding.length > 0) this.#startTimer();
  }

  /**
   * The other side has everything before `sequence` and lacks it and what follows.
   * @param token of the POLL that this answers, 0 if it answers none.
   */
  negative(sequence: number, token: number): void {
    this.acknowledge(sequence);
    if (sequence !== this.#base) return;
    if (token !== 0) {
      // The answer to an older question says nothing about what was sent since.
      if (token !== this.#openToken) return;
      this.#openToken = 0;
    }
    if (this.#outstanding.length === 0 || this.#givesUp()) return;
    this.#pollMs = FIRST_POLL_MS;
    this.#stopTimer();
    this.#startTimer();
    for (const [index, { message }] of this.#outstanding.entries()) {
      this.#line.transmit(sequenceAfter(this.#base, index), message);
    }
  }

  #fitsBulk(): boolean {
    const longest = this.#outstanding.reduce((most, { lineBytes }) => Math.max(most, lineBytes), 0);
    return this.#bytes + longest <= BULK_WINDOW;
  }

  #progress(): void {
    this.#pollMs = FIRST_POLL_MS;
    this.#progressAt = this.#timers.now();
  }

  #givesUp(): boolean {
    if (this.#timers.now() - this.#progressAt < this.#lostAfterMs) return false;
    this.#line.lost();
    return true;
  }

  #startTimer(): void {
    this.#timer = this.#timers.after(this.#pollMs, () => this.#onTimer());
  }

  #stopTimer(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #onTimer(): void {
    this.#timer = undefined;
    if (this.#givesUp()) return;
    this.#lastToken = (this.#lastToken % 0xff) + 1;
    this.#openToken = this.#lastToken;
    this.#line.poll(this.#openToken);
    this.#pollMs = Math.min(2 * this.#pollMs, LAST_POLL_MS);
    this.#startTimer();
  }
}
