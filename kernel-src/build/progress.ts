/** Where progress is shown. `columns` is there on a terminal only. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const TICK_MS = 1000;

/**
 * Shows what is being done: on a terminal one line that counts the seconds, in a pipe a line at
 * the end of each step.
 */
export class Progress {
  readonly #output: Output;
  readonly #now: () => number;

  /** @param now milliseconds from any origin */
  constructor(output: Output, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
  }

  line(text: string): void {
    this.#output.write(`${text}\n`);
  }

  /** Does the work and shows its title and how long it takes. */
  async step<T>(title: string, work: () => Promise<T>): Promise<T> {
    const start = this.#now();
    const shown = (how: string): string =>
      `${title.padEnd(42)} ${how.padEnd(8)} ${formatSeconds(this.#now() - start)}`;
    const tick = (): void => {
      const { columns = 80 } = this.#output;
      this.#output.write(`\r${shown("…").slice(0, columns - 1)}`);
    };
    const timer = this.#output.isTTY ? setInterval(tick, TICK_MS) : undefined;
    if (this.#output.isTTY) tick();
    const end = (how: string): void => {
      clearInterval(timer);
      this.line(`${this.#output.isTTY ? "\r" : ""}${shown(how)}`);
    };
    try {
      const result = await work();
      end("done");
      return result;
    } catch (cause) {
      end("failed");
      throw cause;
    }
  }
}

export function formatSeconds(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
