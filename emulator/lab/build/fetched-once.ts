/** Something that is fetched when it is first asked for, and kept; again when that failed. */
export class FetchedOnce<T> {
  readonly #fetch: () => Promise<T>;
  #fetched: Promise<T> | undefined;

  constructor(fetch: () => Promise<T>) {
    this.#fetch = fetch;
  }

  /** However many ask for it, it is fetched once. */
  get(): Promise<T> {
    this.#fetched ??= this.#fetch().catch((error: unknown) => {
      this.#fetched = undefined;
      throw error;
    });
    return this.#fetched;
  }
}
