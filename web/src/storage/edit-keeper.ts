import type { UserChange } from "../../../emulator/browser/protocol.js";
import type { Edits } from "./edits.js";

/** A file that is being written in many pieces is kept when it has been quiet for so long. */
const QUIET_MS = 250;

/** Where the user's files are; what is elsewhere is part of the guest. */
const KEPT = "/home/student/";

/** Keeps what the user makes of the files in the browser as they change, whoever changes them. */
export class EditKeeper implements Disposable {
  readonly #edits: Edits;
  readonly #changeOf: (path: string) => Promise<UserChange>;
  #changed = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Settles when what was to be kept before is kept. */
  #kept = Promise.resolve();
  /** What was written since the lab was asked: its answer is older. */
  #overtaken = new Set<string>();

  /** @param changeOf what is to be kept of a file or folder, by what it is now */
  constructor(edits: Edits, changeOf: (path: string) => Promise<UserChange>) {
    this.#edits = edits;
    this.#changeOf = changeOf;
  }

  /** What a person wrote in the editor is kept at once: the page may be closed in a moment. */
  written(path: string, content: string): void {
    if (!path.startsWith(KEPT)) return;
    this.#edits.keep(path, content);
    this.#overtaken.add(path);
  }

  /** Something was written, made or removed at these paths; the lab is asked what to keep of it. */
  changed(paths: readonly string[]): void {
    for (const path of paths) if (path.startsWith(KEPT)) this.#changed.add(path);
    clearTimeout(this.#timer);
    if (this.#changed.size > 0) this.#timer = setTimeout(() => void this.flush(), QUIET_MS);
  }

  /** Keeps what has changed by now. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    // After what was asked before: an older answer that comes late must not be kept last.
    this.#kept = this.#kept.then(() => this.#keepChanged());
    return this.#kept;
  }

  async #keepChanged(): Promise<void> {
    const paths = [...this.#changed];
    this.#changed = new Set();
    this.#overtaken = new Set();
    const changes = await Promise.all(paths.map((path) => this.#ask(path)));
    // All at once: of a renamed file, the old name must not go before the new one is kept.
    for (const [index, path] of paths.entries()) {
      if (!this.#overtaken.has(path)) this.#keep(path, changes[index]);
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  async #ask(path: string): Promise<UserChange | undefined> {
    try {
      return await this.#changeOf(path);
    } catch {
      // The lab is gone, and with it the change; what was kept before stays.
      return undefined;
    }
  }

  #keep(path: string, change: UserChange | undefined): void {
    switch (change?.kind) {
      case "none":
        this.#edits.forget(path);
        break;
      case "text":
        this.#edits.keep(path, change.text);
        break;
      case "bytes":
        this.#edits.keepBytes(path, change.bytes);
        break;
      case "removed":
        this.#edits.keepRemoved(path);
        break;
      case "folder":
        this.#edits.keepFolder(path);
        break;
    }
  }
}
