import type { StorageProblem } from "./storage-problem.js";

/** Raised when what is stored changes its form. */
const VERSION = "1";

const BLOCKED: StorageProblem = {
  code: "blocked",
  message:
    "This browser keeps nothing for this page (a private window, or its settings): your edits " +
    "and progress last until you close it.",
};
const FULL: StorageProblem = {
  code: "full",
  message:
    "The browser's storage for this page is full: your last edit lasts until you close the page. " +
    "Remove files of your own that you do not need, or reset a section.",
};
const NEWER: StorageProblem = {
  code: "newer",
  message:
    "Edits and progress in this browser are of a later version of this page, and are left alone: " +
    "what you do now lasts until you close it. Reload the page to get that version.",
};

/**
 * Texts by name, in the browser's localStorage: it answers at once, so the start waits for
 * nothing, and what is written is kept even if the page is closed in the next moment. What
 * cannot be written is kept as long as the page.
 */
export class BrowserStorage {
  readonly #prefix: string;
  readonly #report: (problem: StorageProblem) => void;
  /** Undefined when there is none to be used. */
  readonly #storage: Storage | undefined;
  /** What the storage did not take; undefined for what it did not remove. */
  readonly #unwritten = new Map<string, string | undefined>();

  /**
   * @param open gives the storage, or throws where the browser forbids it
   * @param area in front of all names, so that pages of one origin do not meet
   */
  constructor(open: () => Storage, area: string, report: (problem: StorageProblem) => void) {
    this.#prefix = `${area}:`;
    this.#report = report;
    this.#storage = this.#open(open);
  }

  read(name: string): string | undefined {
    if (this.#unwritten.has(name)) return this.#unwritten.get(name);
    return this.#try((storage) => storage.getItem(this.#prefix + name)) ?? undefined;
  }

  /** Reports what keeps it from being kept beyond this visit. */
  write(name: string, text: string): void {
    if (this.read(name) === text && !this.#unwritten.has(name)) return;
    this.#unwritten.set(name, text);
    if (this.#storage === undefined) return;
    try {
      this.#storage.setItem(this.#prefix + name, text);
      this.#unwritten.delete(name);
    } catch (error) {
      this.#report(isQuotaExceeded(error) ? FULL : BLOCKED);
    }
  }

  remove(name: string): void {
    this.#unwritten.set(name, undefined);
    if (this.#storage === undefined) return;
    this.#try((storage) => {
      storage.removeItem(this.#prefix + name);
      this.#unwritten.delete(name);
    });
  }

  /** All names that begin so. */
  names(beginning: string): readonly string[] {
    const stored = this.#try((storage) =>
      Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? ""),
    );
    const own = (stored ?? [])
      .filter((key) => key.startsWith(this.#prefix))
      .map((key) => key.slice(this.#prefix.length));
    return [...new Set([...own, ...this.#unwritten.keys()])]
      .filter((name) => name.startsWith(beginning) && this.read(name) !== undefined)
      .sort();
  }

  /** An entry is not what it should be: it is removed, and its user told. */
  discard(name: string, what: string): void {
    this.remove(name);
    this.#report({
      code: "damaged",
      message: `${what} could not be read from the browser's storage, and begins anew.`,
    });
  }

  #open(open: () => Storage): Storage | undefined {
    const versionKey = `${this.#prefix}version`;
    try {
      const storage = open();
      const version = storage.getItem(versionKey);
      if (version !== null && version !== VERSION) {
        this.#report(NEWER);
        return undefined;
      }
      if (version === null) storage.setItem(versionKey, VERSION);
      return storage;
    } catch (error) {
      this.#report(isQuotaExceeded(error) ? FULL : BLOCKED);
      return undefined;
    }
  }

  #try<T>(work: (storage: Storage) => T): T | undefined {
    if (this.#storage === undefined) return undefined;
    try {
      return work(this.#storage);
    } catch {
      return undefined; // Switched off while the page is open; the next write says so.
    }
  }
}

/** Web IDL, 2.8.1: an exception of its own since 2025, and a DOMException of that name before. */
function isQuotaExceeded(error: unknown): boolean {
  return error instanceof Error && error.name === "QuotaExceededError";
}
