/** How the kernel begins a message on a console, and dmesg a line: kernel/printk/printk.c, print_time(). */
const STAMP = /\[ {0,4}(\d{1,10})\.(\d{6})\] /g;
/** What may become one when more comes. */
const BEGUN_STAMP = /\[(?: {0,4}\d{0,10}| {0,4}\d{1,10}\.\d{0,6}\]?)$/;

/** CONSOLE_EXT_LOG_MAX, include/linux/printk.h: what is longer is no message. */
const LONGEST_MESSAGE = 8192;

/** Whom the pieces of a terminal's output are told, in their order. */
export interface ConsoleReader {
  /** What a program wrote, or somebody typed. */
  text(text: string): void;
  /** A line that nobody has printed before, with its time since boot. */
  message(microseconds: number, line: string): void;
}

/**
 * Tells the kernel's own messages in what a terminal shows from what programs write.
 * They come between any two characters of a program's output or of what somebody types, each
 * whole. dmesg's lines look the same, but the kernel prints every message once, in order: what
 * is not newer than the last one was written by a program.
 */
export class ConsoleMessages {
  #pending = "";
  /** Of the newest message that the kernel has printed, microseconds since boot. */
  #newest = -1;
  /** Its lines, and those of others of the same microsecond; undefined when there are no more. */
  #ofNewest: Set<string> | undefined;

  /** The guest went back in time, or its log is known: all up to here have been printed. */
  printedUpTo(microseconds: number): void {
    this.#newest = microseconds;
    this.#ofNewest = undefined;
  }

  /** Tells all of a chunk, less what may yet become a message. */
  push(chunk: string, { text, message }: ConsoleReader): void {
    const input = this.#pending + chunk;
    this.#pending = "";
    const pass = (start: number, end: number): void => {
      if (end > start) text(input.slice(start, end));
    };
    let position = 0;
    for (;;) {
      STAMP.lastIndex = position;
      const stamp = STAMP.exec(input);
      if (stamp === null) break;
      const end = input.indexOf("\n", STAMP.lastIndex);
      if (end < 0 && input.length - stamp.index <= LONGEST_MESSAGE) {
        this.#pending = input.slice(stamp.index);
        pass(position, stamp.index);
        return;
      }
      const next = end < 0 ? STAMP.lastIndex : end + 1;
      const line = input.slice(stamp.index, next);
      const microseconds = Number(stamp[1]) * 1e6 + Number(stamp[2]);
      if (end >= 0 && this.#isNew(microseconds, line.trimEnd())) {
        pass(position, stamp.index);
        message(microseconds, line.trimEnd());
      } else pass(position, next);
      position = next;
    }
    const begun = BEGUN_STAMP.exec(input.slice(position))?.index;
    const end = begun === undefined ? input.length : position + begun;
    this.#pending = input.slice(end);
    pass(position, end);
  }

  #isNew(microseconds: number, line: string): boolean {
    if (microseconds < this.#newest) return false;
    if (microseconds > this.#newest) {
      this.#newest = microseconds;
      this.#ofNewest = new Set();
    }
    if (this.#ofNewest === undefined || this.#ofNewest.has(line)) return false;
    this.#ofNewest.add(line);
    return true;
  }
}
