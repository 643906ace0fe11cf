import { INITIAL_CREDIT, TO_GUEST_PAYLOAD_MAX } from "./protocol.js";

/** A stream of bytes to the guest, which says how many it can take. */
export class CreditedBytes {
  #chunks: Uint8Array[] = [];
  #waiting = 0;
  #credit = INITIAL_CREDIT;
  #ended = false;
  #endTaken = false;

  /** Bytes that wait here. */
  get waiting(): number {
    return this.#waiting;
  }

  get ended(): boolean {
    return this.#ended;
  }

  put(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#ended) return;
    this.#chunks.push(bytes);
    this.#waiting += bytes.length;
  }

  /** There will be no more bytes. */
  end(): void {
    this.#ended = true;
  }

  /** The other side will take no more: drops what waits. */
  discard(): void {
    this.#chunks = [];
    this.#waiting = 0;
    this.#ended = true;
    this.#endTaken = true;
  }

  addCredit(bytes: number): void {
    this.#credit += bytes;
  }

  /** The next bytes to send, as many as fit into a message. */
  take(): Uint8Array | undefined {
    const chunk = this.#chunks[0];
    if (chunk === undefined || this.#credit === 0) return undefined;
    const length = Math.min(chunk.length, TO_GUEST_PAYLOAD_MAX, this.#credit);
    if (length === chunk.length) this.#chunks.shift();
    else this.#chunks[0] = chunk.subarray(length);
    this.#waiting -= length;
    this.#credit -= length;
    return chunk.subarray(0, length);
  }

  /** True once: when everything was taken and the end is due. */
  takeEnd(): boolean {
    if (!this.#ended || this.#endTaken || this.#waiting > 0) return false;
    this.#endTaken = true;
    return true;
  }
}
