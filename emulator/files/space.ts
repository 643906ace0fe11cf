import { FileError } from "./errors.js";

export interface SpaceLimits {
  /** Bytes that all files together may take. */
  readonly bytes: number;
  /** Names that all directories together may hold. */
  readonly entries: number;
}

/** Counts what a tree takes of the host's memory, and says no in time. */
export class Space {
  readonly limits: SpaceLimits;
  #bytes = 0;
  #entries = 0;

  constructor(limits: SpaceLimits) {
    this.limits = limits;
  }

  /** Bytes taken. May lie over the limit after a restored session brought deleted files back. */
  get bytes(): number {
    return this.#bytes;
  }

  get entries(): number {
    return this.#entries;
  }

  /** @throws FileError ENOSPC when `bytes` more do not fit. */
  requireBytes(bytes: number): void {
    if (bytes > 0 && this.#bytes + bytes > this.limits.bytes) {
      throw new FileError(
        "ENOSPC",
        `the files would take more than ${this.limits.bytes} bytes; remove some, or give the tree a larger limit`,
      );
    }
  }

  /** @throws FileError ENOSPC when one more name does not fit. */
  requireEntry(): void {
    if (this.#entries >= this.limits.entries) {
      throw new FileError(
        "ENOSPC",
        `there are ${this.limits.entries} files already; remove some, or give the tree a larger limit`,
      );
    }
  }

  addBytes(bytes: number): void {
    this.#bytes += bytes;
  }

  addEntries(count: number): void {
    this.#entries += count;
  }
}
