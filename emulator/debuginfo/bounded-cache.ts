/** Keeps what was made last, as long as it fits. */
export class BoundedCache<Key, Value extends { readonly bytes: number }> {
  readonly #limit: number;
  /** In the order of their last use. */
  readonly #entries = new Map<Key, Value>();
  #bytes = 0;

  /** @param limit of all values together, in bytes; the last one is kept whatever its size. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The value of a key, made if it is not there. */
  get(key: Key, make: () => Value): Value {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const made = make();
    this.#entries.set(key, made);
    this.#bytes += made.bytes;
    for (const [oldKey, old] of this.#entries) {
      if (this.#bytes <= this.#limit || oldKey === key) break;
      this.#entries.delete(oldKey);
      this.#bytes -= old.bytes;
    }
    return made;
  }
}
