import type { BrowserStorage } from "./browser-storage.js";

const EDIT = "edit:";

/** The user's files that differ from the course's, by their paths in the guest. */
export class Edits {
  readonly #storage: BrowserStorage;

  constructor(storage: BrowserStorage) {
    this.#storage = storage;
  }

  /** All of them, for a start. */
  all(): Readonly<Record<string, string>> {
    const entries = this.#storage.names(EDIT).flatMap((name): [string, string][] => {
      const content = this.#storage.read(name);
      return content === undefined ? [] : [[name.slice(EDIT.length), content]];
    });
    return Object.fromEntries(entries);
  }

  keep(path: string, content: string): void {
    this.#storage.write(EDIT + path, content);
  }

  /** The file is the course's again, or gone. */
  forget(path: string): void {
    if (this.#storage.read(EDIT + path) !== undefined) this.#storage.remove(EDIT + path);
  }
}
