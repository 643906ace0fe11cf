import type { OnBytes } from "../images.js";
import type { BuildFetch, BuildFetchPart } from "./build.js";

interface Download {
  readonly totalBytes: number;
  loadedBytes: number;
}

/** Tells how far the fetching of one part is: all its files that are on their way, together. */
export class FetchProgress {
  readonly #part: BuildFetchPart;
  readonly #tell: (fetch: BuildFetch) => void;
  /** Also those that have come, while others are to come: a bar does not fall back. */
  readonly #downloads = new Set<Download>();
  #open = 0;

  constructor(part: BuildFetchPart, tell: (fetch: BuildFetch) => void) {
    this.#part = part;
    this.#tell = tell;
  }

  /** Does the work that fetches the part, or some files of it, and tells how that goes. */
  async track<T>(totalBytes: number, work: (onBytes: OnBytes) => Promise<T>): Promise<T> {
    const download: Download = { totalBytes, loadedBytes: 0 };
    this.#downloads.add(download);
    this.#open++;
    this.#tellBytes();
    try {
      const result = await work((bytes) => {
        download.loadedBytes = Math.min(bytes, totalBytes);
        this.#tellBytes();
      });
      this.#finish();
      return result;
    } catch (thrown) {
      this.#downloads.delete(download);
      this.#open--;
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.#tell({ state: "failed", part: this.#part, error });
      throw thrown;
    }
  }

  #finish(): void {
    this.#open--;
    if (this.#open > 0) return;
    const totalBytes = this.#sum("totalBytes");
    this.#downloads.clear();
    this.#tell({ state: "fetched", part: this.#part, totalBytes });
  }

  #tellBytes(): void {
    this.#tell({
      state: "fetching",
      part: this.#part,
      loadedBytes: this.#sum("loadedBytes"),
      totalBytes: this.#sum("totalBytes"),
    });
  }

  #sum(what: keyof Download): number {
    return [...this.#downloads].reduce((sum, one) => sum + one[what], 0);
  }
}
