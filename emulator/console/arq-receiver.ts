import { isAhead, sequenceAfter } from "./sequence.js";
import type { Timers } from "./timers.js";

/** The guest's window is 28 messages: it never has to wait for an acknowledgement. */
const ACK_AFTER_MESSAGES = 8;
/** Well below the time after which the guest would ask, see link.c. */
const ACK_DELAY_MS = 20;

export interface ReceiverLine {
  deliver(message: Uint8Array): void;
  sendAck(acknowledged: number): void;
  sendNak(acknowledged: number, token: number): void;
}

/** The receiving half of the link: delivers messages once and in order, asks for lost ones. */
export class ArqReceiver {
  readonly #line: ReceiverLine;
  readonly #timers: Timers;
  #expected = 0;
  #unacknowledged = 0;
  #timer: Disposable | undefined;
  /** Set while a NAK for the expected message is on its way: the highest number seen since. */
  #highestSinceNak: number | undefined;

  constructor(line: ReceiverLine, timers: Timers) {
    this.#line = line;
    this.#timers = timers;
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  /** The acknowledgement for a frame that is about to be sent. */
  takeAcknowledgement(): number {
    this.#unacknowledged = 0;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    return this.#expected;
  }

  data(sequence: number, message: Uint8Array): void {
    if (sequence === this.#expected) {
      this.#expected = sequenceAfter(sequence);
      this.#highestSinceNak = undefined;
      this.#unacknowledged++;
      this.#line.deliver(message);
    } else if (isAhead(sequence, this.#expected)) {
      this.#missing(sequence);
    } else {
      // It came twice: the acknowledgement was lost.
      this.#unacknowledged++;
    }
  }

  /** Something came that was no frame; it may have been one that is waited for. */
  damaged(): void {
    if (this.#highestSinceNak !== undefined) return;
    this.#highestSinceNak = this.#expected;
    this.#line.sendNak(this.takeAcknowledgement(), 0);
  }

  /** The other side asks what has come. */
  poll(token: number): void {
    this.#highestSinceNak = this.#expected;
    this.#line.sendNak(this.takeAcknowledgement(), token);
  }

  /** Call after a burst of frames: one acknowledgement serves them all. */
  acknowledge(): void {
    if (this.#unacknowledged >= ACK_AFTER_MESSAGES) this.#sendAck();
    else if (this.#unacknowledged > 0 && this.#timer === undefined) {
      this.#timer = this.#timers.after(ACK_DELAY_MS, () => this.#sendAck());
    }
  }

  #missing(sequence: number): void {
    const highest = this.#highestSinceNak;
    this.#highestSinceNak = sequence;
    // Not ahead of the highest: the sender went back, and again one was lost.
    if (highest === undefined || !isAhead(sequence, highest)) {
      this.#line.sendNak(this.takeAcknowledgement(), 0);
    }
  }

  #sendAck(): void {
    this.#line.sendAck(this.takeAcknowledgement());
  }
}
