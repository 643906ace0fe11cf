import type { Event } from "../machine/emitter.js";

/** The host's end of a line that carries bytes both ways; a machine's serial port is one. */
export interface ByteLine {
  write(bytes: Uint8Array): void;
  /** Bytes that the guest wrote, in order, in chunks of any size. */
  readonly onOutput: Event<Uint8Array>;
}
