import type { BrowserStorage } from "./browser-storage.js";

/** A value that outlives the page, as JSON. */
export class SavedValue<T> {
  readonly #storage: BrowserStorage;
  readonly #name: string;
  readonly #what: string;
  readonly #parse: (stored: unknown) => T | undefined;

  /**
   * @param what to call it in a message, as the beginning of a sentence
   * @param parse narrows what was stored; undefined when it is not usable
   */
  constructor(
    storage: BrowserStorage,
    name: string,
    what: string,
    parse: (stored: unknown) => T | undefined,
  ) {
    this.#storage = storage;
    this.#name = name;
    this.#what = what;
    this.#parse = parse;
  }

  read(): T | undefined {
    const text = this.#storage.read(this.#name);
    if (text === undefined) return undefined;
    const value = this.#parseText(text);
    if (value === undefined) this.#storage.discard(this.#name, this.#what);
    return value;
  }

  write(value: T): void {
    this.#storage.write(this.#name, JSON.stringify(value));
  }

  remove(): void {
    this.#storage.remove(this.#name);
  }

  #parseText(text: string): T | undefined {
    try {
      return this.#parse(JSON.parse(text));
    } catch {
      return undefined;
    }
  }
}
