import type { UserFiles } from "../../../emulator/browser/protocol.js";
import type { BrowserStorage } from "./browser-storage.js";

/** In front of a file's path; the entry is its text. */
const WRITTEN = "edit:";
/** In front of the path of a file or folder of the course's that is gone; the entry is empty. */
const REMOVED = "removed:";
/** In front of the path of a folder of the user's; the entry is empty. */
const FOLDER = "folder:";

/** What the user has made of the course's files, by their paths in the guest. */
export class Edits {
  readonly #storage: BrowserStorage;

  constructor(storage: BrowserStorage) {
    this.#storage = storage;
  }

  /** All of it, for a start. */
  all(): UserFiles {
    const written = this.#paths(WRITTEN).flatMap((path): [string, string][] => {
      const content = this.#storage.read(WRITTEN + path);
      return content === undefined ? [] : [[path, content]];
    });
    return {
      written: Object.fromEntries(written),
      removed: this.#paths(REMOVED),
      folders: this.#paths(FOLDER),
    };
  }

  keep(path: string, content: string): void {
    this.#forgetBut(WRITTEN, path);
    this.#storage.write(WRITTEN + path, content);
  }

  /** What the course has there is gone. */
  keepRemoved(path: string): void {
    this.#forgetBut(REMOVED, path);
    this.#storage.write(REMOVED + path, "");
  }

  keepFolder(path: string): void {
    this.#forgetBut(FOLDER, path);
    this.#storage.write(FOLDER + path, "");
  }

  /** All is as in the course. */
  forget(path: string): void {
    this.#forgetBut(undefined, path);
  }

  #forgetBut(kept: string | undefined, path: string): void {
    for (const kind of [WRITTEN, REMOVED, FOLDER]) {
      if (kind === kept || this.#storage.read(kind + path) === undefined) continue;
      this.#storage.remove(kind + path);
    }
  }

  #paths(kind: string): string[] {
    return this.#storage.names(kind).map((name) => name.slice(kind.length));
  }
}
