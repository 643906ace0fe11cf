import type { HostCommand } from "../../console/index.js";
import type { BuildFetch, BuildFetchPart } from "./build.js";

const NAMES: Readonly<Record<BuildFetchPart, string>> = {
  compiler: "the compiler",
  headers: "the kernel's headers",
  library: "the C library",
};
/** ECMA-48, 8.3.41 EL: erases to the end of the line. */
const ERASE = "\r\x1b[K";

/**
 * Says on a command's standard error what it waits for while something is fetched: in a line that is
 * written over and erased in the end, where that is a terminal; else once, and for the compiler alone,
 * which is the one that takes long.
 */
export class FetchNotice implements Disposable {
  readonly #command: HostCommand;
  readonly #parts = new Map<BuildFetchPart, { loadedBytes: number; totalBytes: number }>();
  #shown = "";

  constructor(command: HostCommand) {
    this.#command = command;
  }

  readonly show = (fetch: BuildFetch): void => {
    if (fetch.state === "fetching") {
      this.#parts.set(fetch.part, fetch);
      if (this.#command.stderrIsTerminal) this.#rewrite();
      else if (fetch.part === "compiler") this.#sayOnce(fetch.totalBytes);
    } else {
      this.#parts.delete(fetch.part);
      if (this.#parts.size === 0) this[Symbol.dispose]();
    }
  };

  /** Erases the line. */
  [Symbol.dispose](): void {
    if (this.#command.stderrIsTerminal && this.#shown !== "") {
      this.#command.stderr(ERASE);
      this.#shown = "";
    }
  }

  #sayOnce(bytes: number): void {
    if (this.#shown !== "") return;
    this.#shown = `${this.#command.name}: fetching the compiler (${megabytes(bytes)})\n`;
    this.#command.stderr(this.#shown);
  }

  #rewrite(): void {
    const parts = [...this.#parts];
    const loaded = parts.reduce((sum, [, { loadedBytes }]) => sum + loadedBytes, 0);
    const total = parts.reduce((sum, [, { totalBytes }]) => sum + totalBytes, 0);
    const percent = total === 0 ? 0 : Math.floor((100 * loaded) / total);
    const what = parts.map(([part]) => NAMES[part]).join(", ");
    const line = `${this.#command.name}: fetching ${what}: ${percent} % of ${megabytes(total)}`;
    if (line === this.#shown) return;
    this.#shown = line;
    this.#command.stderr(`${ERASE}${line}`);
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
