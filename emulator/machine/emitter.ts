/** What is opened is closed by its owner, with `using` or by calling it. */
export function disposable(dispose: () => void): Disposable {
  return { [Symbol.dispose]: dispose };
}

/** A typed event: `on` listens until the returned Disposable is disposed of. */
export class Emitter<T> {
  readonly #listeners = new Set<(event: T) => void>();

  readonly on = (listener: (event: T) => void): Disposable => {
    // A wrapper of its own, so that the same function may listen twice.
    const entry = (event: T): void => listener(event);
    this.#listeners.add(entry);
    return disposable(() => this.#listeners.delete(entry));
  };

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  emit(event: T): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

/** The half of an {@link Emitter} that is shown to the outside. */
export type Event<T> = Emitter<T>["on"];
