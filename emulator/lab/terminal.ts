import { concatBytes } from "../console/index.js";
import { Emitter } from "../machine/emitter.js";
import type { SerialPort } from "../machine/machine.js";

/** What a terminal that connects late is shown: a few screens. */
const BACKLOG_BYTES = 64 * 1024;

/** The serial line that a person sees. */
export class Terminal {
  readonly #port: SerialPort;
  readonly #output = new Emitter<Uint8Array>();
  readonly onOutput = this.#output.on;
  /** The guest was restored: clear the screen and show {@link backlog} again. */
  readonly #resets = new Emitter<void>();
  readonly onReset = this.#resets.on;
  #backlog: Uint8Array[] = [];
  #backlogBytes = 0;

  constructor(port: SerialPort) {
    this.#port = port;
    port.onOutput((bytes) => {
      this.#keep(bytes);
      this.#output.emit(bytes);
    });
  }

  /** Types into the guest. */
  write(input: Uint8Array | string): void {
    this.#port.write(typeof input === "string" ? new TextEncoder().encode(input) : input);
  }

  /** The last part of what was shown since the guest booted. */
  backlog(): Uint8Array {
    return concatBytes(this.#backlog);
  }

  reset(backlog: Uint8Array): void {
    this.#backlog = [];
    this.#backlogBytes = 0;
    this.#keep(backlog);
    this.#resets.emit();
  }

  #keep(bytes: Uint8Array): void {
    this.#backlog.push(bytes);
    this.#backlogBytes += bytes.length;
    for (let oldest = this.#backlog[0]; oldest !== undefined; oldest = this.#backlog[0]) {
      if (this.#backlogBytes - oldest.length < BACKLOG_BYTES) break;
      this.#backlogBytes -= oldest.length;
      this.#backlog.shift();
    }
  }
}
