/** A small setting that outlives the page. Without storage it lasts as long as the page. */
export interface Kept<T> {
  read(): T;
  write(value: T): void;
}

/**
 * @param name of its own in this origin
 * @param parse narrows what is stored, which may be of another version; undefined: not usable
 */
export function kept<T>(
  name: string,
  standard: T,
  parse: (stored: unknown) => T | undefined,
): Kept<T> {
  const key = `kspace.${name}`;
  let current: T | undefined;
  return {
    read() {
      if (current !== undefined) return current;
      try {
        const stored = localStorage.getItem(key);
        current = stored === null ? undefined : parse(JSON.parse(stored));
      } catch {
        // Storage is switched off, or what lies there is not ours.
      }
      current ??= standard;
      return current;
    },
    write(value) {
      current = value;
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // Full, or switched off: a size of a pane is not worth a message.
      }
    },
  };
}
