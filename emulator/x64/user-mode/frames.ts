import { UserModeError } from "./user-mode-error.js";

export const PAGE_BYTES = 4096;

/** Gives out pages of the guest's physical memory, each filled with zeros. */
export class Frames {
  readonly #ram: Uint8Array;
  readonly #free: number[] = [];
  #next: number;

  /** @param first the physical address of the first page to give out */
  constructor(ram: Uint8Array, first: number) {
    this.#ram = ram;
    this.#next = first;
  }

  /** @returns a physical address, or `undefined`: the memory is used up */
  take(): number | undefined {
    const returned = this.#free.pop();
    if (returned !== undefined) {
      this.#ram.fill(0, returned, returned + PAGE_BYTES);
      return returned;
    }
    if (this.#next + PAGE_BYTES > this.#ram.length) return undefined;
    const frame = this.#next;
    this.#next += PAGE_BYTES;
    return frame;
  }

  /** @throws UserModeError `out-of-memory` */
  takeTable(): number {
    const frame = this.take();
    if (frame === undefined) {
      throw new UserModeError("out-of-memory", "The guest needs more memory for its page tables.");
    }
    return frame;
  }

  give(frame: number): void {
    this.#free.push(frame);
  }

  /** How many pages can still be taken. */
  get left(): number {
    return this.#free.length + Math.floor((this.#ram.length - this.#next) / PAGE_BYTES);
  }
}
