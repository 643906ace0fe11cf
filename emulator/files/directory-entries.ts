import type { DirectoryNode, Node } from "./nodes.js";

/**
 * A name of a node. It stays the same object when it is renamed, so whoever holds it follows
 * the file. The root has an entry too, without a name.
 */
export interface Entry {
  readonly node: Node;
  name: string;
  /** The directory it is in; null for the root's entry and for one that was removed. */
  parent: DirectoryNode | null;
}

/** An entry at its place in the order in which the directory lists its entries. */
interface Slot {
  readonly cookie: number;
  readonly entry: Entry;
  /** The slot is only kept until the next compaction. */
  vacated: boolean;
}

/** Below this many slots, vacated ones are not worth removing. */
const COMPACTION_MINIMUM = 32;

/**
 * What a directory holds. Each entry gets a cookie, a number that only grows, when it is added:
 * a reader that was given entries up to a cookie continues behind it, and sees every entry that
 * was there all the time exactly once, whatever is added and removed meanwhile (POSIX readdir).
 */
export class DirectoryEntries {
  readonly #byName = new Map<string, Slot>();
  /** By ascending cookie. */
  #slots: Slot[] = [];
  #vacated = 0;
  #nextCookie: number;

  /** @param firstCookie of the first entry; smaller ones are left for "." and "..". */
  constructor(firstCookie: number) {
    this.#nextCookie = firstCookie;
  }

  get size(): number {
    return this.#byName.size;
  }

  get(name: string): Entry | undefined {
    return this.#byName.get(name)?.entry;
  }

  /** Adds an entry under its name, which must be free. */
  add(entry: Entry): void {
    const slot = { cookie: this.#nextCookie++, entry, vacated: false };
    this.#byName.set(entry.name, slot);
    this.#slots.push(slot);
  }

  remove(name: string): void {
    const slot = this.#byName.get(name);
    if (slot === undefined) return;
    this.#byName.delete(name);
    slot.vacated = true;
    this.#vacated += 1;
    if (this.#vacated > COMPACTION_MINIMUM && this.#vacated * 2 > this.#slots.length) {
      this.#slots = this.#slots.filter((kept) => !kept.vacated);
      this.#vacated = 0;
    }
  }

  /** The entries as they are now, in the order in which they were added. */
  all(): Entry[] {
    return this.#slots.filter((slot) => !slot.vacated).map((slot) => slot.entry);
  }

  /** Entries with a cookie greater than `cookie`, in order. The directory must not change meanwhile. */
  *after(cookie: number): Generator<{ readonly cookie: number; readonly entry: Entry }> {
    for (let i = this.#firstAfter(cookie); i < this.#slots.length; i++) {
      const slot = this.#slots[i];
      if (slot !== undefined && !slot.vacated) yield slot;
    }
  }

  #firstAfter(cookie: number): number {
    let low = 0;
    let high = this.#slots.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#slots[middle]?.cookie ?? Number.POSITIVE_INFINITY) > cookie) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
