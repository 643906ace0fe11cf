/** A localStorage in memory that can be full, or switched off. */
export class MemoryStorage implements Storage {
  readonly entries = new Map<string, string>();
  /** Characters of all keys and values together. */
  quota = Number.POSITIVE_INFINITY;
  isOff = false;

  get length(): number {
    this.#check();
    return this.entries.size;
  }

  key(index: number): string | null {
    this.#check();
    return [...this.entries.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    this.#check();
    return this.entries.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#check();
    const others = [...this.entries].filter(([other]) => other !== key).flat();
    const size = [...others, key, value].reduce((sum, { length }) => sum + length, 0);
    if (size > this.quota) throw new DOMException("full", "QuotaExceededError");
    this.entries.set(key, value);
  }

  removeItem(key: string): void {
    this.#check();
    this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
  }

  #check(): void {
    if (this.isOff) throw new DOMException("switched off", "SecurityError");
  }
}
