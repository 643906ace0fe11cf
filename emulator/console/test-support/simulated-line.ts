import { Emitter } from "../../machine/emitter.js";
import type { ByteLine } from "../byte-line.js";
import type { Timers } from "../timers.js";

/** What happens to bytes on their way. */
export type Noise = (bytes: Uint8Array) => Uint8Array;

export const noNoise: Noise = (bytes) => bytes;

/** A line with a delay, whose two directions can be disturbed, or cut. */
export class SimulatedLine {
  readonly #toHost = new Emitter<Uint8Array>();
  readonly #toGuest = new Emitter<Uint8Array>();
  noiseToHost: Noise = noNoise;
  noiseToGuest: Noise = noNoise;
  /** While set, bytes to the guest wait in its buffer, as when no program runs there. */
  guestIsStuck = false;
  #waiting: Uint8Array[] = [];
  bytesToGuest = 0;

  readonly host: ByteLine;
  readonly guest: ByteLine;

  constructor(timers: Timers, delayMs = 1) {
    this.host = {
      write: (bytes) => {
        this.bytesToGuest += bytes.length;
        const copy = this.noiseToGuest(bytes.slice());
        timers.after(delayMs, () => this.#deliverToGuest(copy));
      },
      onOutput: this.#toHost.on,
    };
    this.guest = {
      write: (bytes) => {
        const copy = this.noiseToHost(bytes.slice());
        timers.after(delayMs, () => this.#toHost.emit(copy));
      },
      onOutput: this.#toGuest.on,
    };
  }

  /** What a program in the guest writes to the line. */
  junkToHost(bytes: Uint8Array): void {
    this.guest.write(bytes);
  }

  unstick(): void {
    this.guestIsStuck = false;
    for (const bytes of this.#waiting.splice(0)) this.#toGuest.emit(bytes);
  }

  #deliverToGuest(bytes: Uint8Array): void {
    if (this.guestIsStuck) this.#waiting.push(bytes);
    else this.#toGuest.emit(bytes);
  }
}
