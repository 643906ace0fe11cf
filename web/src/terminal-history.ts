import { joinedBytes } from "../../emulator/browser/joined-bytes.js";

/** A few screens, as much as the lab itself keeps. */
const KEPT_BYTES = 64 * 1024;

/** The last part of what the guest's terminal shows, for one that is opened later. */
export class TerminalHistory {
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    for (let oldest = this.#chunks[0]; oldest !== undefined; oldest = this.#chunks[0]) {
      if (this.#bytes - oldest.length < KEPT_BYTES) break;
      this.#bytes -= oldest.length;
      this.#chunks.shift();
    }
  }

  reset(backlog: Uint8Array): void {
    this.#chunks = [backlog];
    this.#bytes = backlog.length;
  }

  bytes(): Uint8Array {
    return joinedBytes(this.#chunks);
  }
}
