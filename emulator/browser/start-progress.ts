import type { ManifestFile } from "../lab/index.js";
import { START_FILES } from "./start-files.js";

/** Nobody sees smaller ones, and each is a message to the page. */
const STEPS = 100;

/** Counts the bytes of what a start needs, as they come. */
export class StartProgress {
  readonly #onBytes: (loadedBytes: number, totalBytes: number) => void;
  readonly #sizes = new Map<string, number>();
  readonly #loaded = new Map<string, number>();
  /** The manifest does not list the emulator: only its server knows how large it is. */
  #engine: "unknown" | "hidden" | "known" = "unknown";
  #told: number | undefined;

  constructor(onBytes: (loadedBytes: number, totalBytes: number) => void) {
    this.#onBytes = onBytes;
  }

  /** What the manifest says. */
  sizes(files: ReadonlyMap<string, ManifestFile>): void {
    for (const path of START_FILES) {
      const bytes = files.get(path)?.bytes;
      if (bytes !== undefined) this.#sizes.set(path, bytes);
    }
    this.#tell();
  }

  /** Undefined: the server does not say, so its bytes do not count. */
  engineSize(bytes: number | undefined): void {
    this.#engine = bytes === undefined ? "hidden" : "known";
    if (bytes !== undefined) this.#sizes.set("engine", bytes);
    this.#tell();
  }

  /** So many bytes of a file have come. */
  loaded(file: string, bytes: number): void {
    this.#loaded.set(file, bytes);
    if (this.#sizes.has(file)) this.#tell();
  }

  /** Not before all sizes are known: a bar that is at half must not fall back to a third. */
  #tell(): void {
    if (this.#engine === "unknown" || !START_FILES.every((path) => this.#sizes.has(path))) return;
    let total = 0;
    let loaded = 0;
    for (const [file, size] of this.#sizes) {
      total += size;
      loaded += Math.min(this.#loaded.get(file) ?? 0, size);
    }
    const isStep = this.#told === undefined || Math.abs(loaded - this.#told) >= total / STEPS;
    const isEnd = loaded === total && this.#told !== total;
    if (!isStep && !isEnd) return;
    this.#told = loaded;
    this.#onBytes(loaded, total);
  }
}
