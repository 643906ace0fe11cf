import type { KeptBytes, UserFiles } from "../../../emulator/browser/protocol.js";
import type { BrowserStorage } from "./browser-storage.js";

/** In front of a file's path; the entry is its text. */
const WRITTEN = "edit:";
/** In front of the path of a file that is no text; the entry is its mode, octal, and its content. */
const BYTES = "bytes:";
const BYTES_ENTRY = /^([0-7]+):(.*)$/;
/** In front of the path of a file or folder of the course's that is gone; the entry is empty. */
const REMOVED = "removed:";
/** In front of the path of a folder of the user's; the entry is empty. */
const FOLDER = "folder:";
const KINDS = [WRITTEN, BYTES, REMOVED, FOLDER];

/**
 * Characters of all entries that are no texts: a fifth of what browsers give a page, so that there
 * is always room for sources.
 */
const MOST_BYTES = 1_000_000;

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
    const bytes = this.#paths(BYTES).flatMap((path): [string, KeptBytes][] => {
      const [, mode, packed] = BYTES_ENTRY.exec(this.#storage.read(BYTES + path) ?? "") ?? [];
      if (mode === undefined || packed === undefined) return [];
      return [[path, { mode: Number.parseInt(mode, 8), packed }]];
    });
    return {
      written: Object.fromEntries(written),
      bytes: Object.fromEntries(bytes),
      removed: this.#paths(REMOVED),
      folders: this.#paths(FOLDER),
    };
  }

  keep(path: string, content: string): void {
    this.#forgetBut(WRITTEN, path);
    this.#storage.write(WRITTEN + path, content);
  }

  /** Where there is no room for it, it is as if it had not changed. */
  keepBytes(path: string, { mode, packed }: KeptBytes): void {
    this.#forgetBut(BYTES, path);
    const others = this.#paths(BYTES).filter((other) => other !== path);
    const length = others.reduce((sum, other) => sum + this.#lengthOf(other), packed.length);
    if (length > MOST_BYTES) this.forget(path);
    else this.#storage.write(BYTES + path, `${mode.toString(8)}:${packed}`);
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
    for (const kind of KINDS) {
      if (kind === kept || this.#storage.read(kind + path) === undefined) continue;
      this.#storage.remove(kind + path);
    }
  }

  #lengthOf(path: string): number {
    return this.#storage.read(BYTES + path)?.length ?? 0;
  }

  #paths(kind: string): string[] {
    return this.#storage.names(kind).map((name) => name.slice(kind.length));
  }
}
