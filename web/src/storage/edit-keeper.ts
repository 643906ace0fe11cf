import type { FileEvent } from "../../../emulator/browser/protocol.js";
import type { Edits } from "./edits.js";

/** A file that is being written in many pieces is kept when it has been quiet for so long. */
const QUIET_MS = 250;

/** Where the user's files are; what is elsewhere is part of the guest. */
const KEPT = "/home/student/";

/** Keeps the user's files in the browser as they change, whoever changes them. */
export class EditKeeper implements Disposable {
  readonly #edits: Edits;
  readonly #editOf: (path: string) => Promise<string | undefined>;
  #changed = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param editOf the text of a file that is the user's own; undefined for the course's. */
  constructor(edits: Edits, editOf: (path: string) => Promise<string | undefined>) {
    this.#edits = edits;
    this.#editOf = editOf;
  }

  /** What a person wrote in the editor is kept at once: the page may be closed in a moment. */
  written(path: string, content: string): void {
    if (path.startsWith(KEPT)) this.#edits.keep(path, content);
  }

  changed(files: readonly FileEvent[]): void {
    for (const { path, change } of files) {
      if (change === "removed") {
        this.#changed.delete(path);
        this.#edits.forget(path);
      } else {
        this.#changed.add(path);
      }
    }
    clearTimeout(this.#timer);
    if (this.#changed.size > 0) this.#timer = setTimeout(() => void this.flush(), QUIET_MS);
  }

  /** Keeps what has changed by now. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    const paths = [...this.#changed];
    this.#changed = new Set();
    await Promise.all(paths.map((path) => this.#keep(path)));
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  async #keep(path: string): Promise<void> {
    try {
      const edit = await this.#editOf(path);
      if (edit === undefined) this.#edits.forget(path);
      else this.#edits.keep(path, edit);
    } catch {
      // The lab is gone, and with it the change; what was kept before stays.
    }
  }
}
