import type { TextSink } from "./streams.js";

/** Carriage return, and "Erase in Line" of the whole line (ECMA-48 8.3.41). */
const CLEAR_LINE = "\r\x1b[2K";

/** One line that says what is going on, on a terminal alone, and that leaves no trace. */
export class Progress {
  readonly #sink: TextSink;
  #shown = false;

  constructor(sink: TextSink) {
    this.#sink = sink;
  }

  show(text: string): void {
    if (this.#sink.isTTY !== true) return;
    const width = this.#sink.columns ?? 80;
    // A line as wide as the terminal would wrap and could not be cleared.
    this.#sink.write(`${CLEAR_LINE}${`${text} …`.slice(0, width - 1)}`);
    this.#shown = true;
  }

  /** To be called before anything else is written. */
  clear(): void {
    if (this.#shown) this.#sink.write(CLEAR_LINE);
    this.#shown = false;
  }
}
