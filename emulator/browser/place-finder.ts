import type { Lab } from "../lab/index.js";
import { Emitter } from "../machine/emitter.js";

/** After a download that failed, the next one is not tried before this. */
const RETRY_AFTER_MS = 30_000;

/** Names places in the kernel. Its symbols are downloaded when they are first needed. */
export class PlaceFinder {
  readonly #lab: Pick<Lab, "readSymbols" | "codePlace">;
  readonly #changes = new Emitter<void>();
  /** There are names now where there were none. */
  readonly onChange = this.#changes.on;
  #isRead = false;
  #isLoading = false;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(lab: Pick<Lab, "readSymbols" | "codePlace">) {
    this.#lab = lab;
  }

  /** Fetches the kernel's symbols unless they are here or on their way. */
  load(): void {
    const isTooEarly = performance.now() - this.#failedAt < RETRY_AFTER_MS;
    if (this.#isRead || this.#isLoading || isTooEarly) return;
    this.#isLoading = true;
    this.#lab
      .readSymbols()
      .then(() => {
        this.#isRead = true;
        this.#changes.emit();
      })
      .catch(() => {
        this.#failedAt = performance.now();
      })
      .finally(() => {
        this.#isLoading = false;
      });
  }

  /**
   * `function+0xoffset`, with ` [module]` behind it; the plain address for code that belongs to
   * neither, such as what the kernel has made for itself.
   * @returns undefined while there are no symbols.
   */
  find(address: number): string | undefined {
    const place = this.#lab.codePlace(address);
    return place ?? (this.#isRead ? `0x${address.toString(16)}` : undefined);
  }
}
