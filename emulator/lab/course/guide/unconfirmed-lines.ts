/** More messages than the kernel writes to its consoles between two looks at them. */
const MOST_EARLY = 1000;
/** Of one command's output that is held. */
const MOST_HELD = 10_000;

/**
 * Lines of a terminal that look like the kernel's messages. The kernel writes each message to all
 * of its consoles, or, above the console's level (`dmesg -n`), to none: what the console that
 * carries nothing else does not have was written by a program.
 */
export class UnconfirmedLines<Line> {
  /** By the message's time, microseconds since boot. */
  #held = new Map<number, Line[]>();
  #count = 0;
  /** Messages that the other console had first. */
  readonly #early = new Set<number>();

  hold(microseconds: number, line: Line): void {
    if (this.#early.has(microseconds) || this.#count >= MOST_HELD) return;
    this.#count++;
    this.#held.set(microseconds, [...(this.#held.get(microseconds) ?? []), line]);
  }

  /** The kernel's log has such a message. */
  confirm(microseconds: number): void {
    const held = this.#held.get(microseconds);
    if (held !== undefined) {
      this.#count -= held.length;
      this.#held.delete(microseconds);
      return;
    }
    this.#early.add(microseconds);
    const [oldest] = this.#early;
    if (this.#early.size > MOST_EARLY && oldest !== undefined) this.#early.delete(oldest);
  }

  /** The lines that a program wrote, in their order; they are held no more. */
  take(): readonly Line[] {
    const lines = [...this.#held.values()].flat();
    this.#held = new Map();
    this.#count = 0;
    return lines;
  }

  clear(): void {
    this.take();
    this.#early.clear();
  }
}
