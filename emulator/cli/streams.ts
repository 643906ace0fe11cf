/** Where text goes: a terminal, a pipe, a file, or a string in a test. */
export interface TextSink {
  write(chunk: string | Uint8Array): unknown;
  readonly isTTY?: boolean;
  /** Width of a terminal. */
  readonly columns?: number;
}

const NEWLINE = 0x0a;

/**
 * The standard output of a command that also prints what other programs write. It knows
 * whether the cursor is at the start of a line, so that our own lines begin there.
 */
export class Printer {
  readonly #sink: TextSink;
  #atLineStart = true;

  constructor(sink: TextSink) {
    this.#sink = sink;
  }

  /** The width to lay text out for; none where nobody looks at a screen. */
  get width(): number | undefined {
    return this.#sink.isTTY === true ? (this.#sink.columns ?? 80) : undefined;
  }

  /** A line of our own. */
  line(text = ""): void {
    this.freshLine();
    this.#sink.write(`${text}\n`);
  }

  /** Lines of our own that belong together, behind an empty one; nothing where there are none. */
  block(lines: readonly string[]): void {
    if (lines.length > 0) this.line();
    for (const line of lines) this.line(line);
  }

  /** What a program wrote, as it is. */
  bytes(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#atLineStart = bytes.at(-1) === NEWLINE;
    this.#sink.write(bytes);
  }

  /** Ends a line that a program left open. */
  freshLine(): void {
    if (!this.#atLineStart) this.#sink.write("\n");
    this.#atLineStart = true;
  }
}
