import type { Event } from "../machine/emitter.js";

/** Something that shows text and takes typed text: a lab's terminal, or QEMU's stdio. */
export interface TextLine {
  write(text: string): void;
  readonly onOutput: Event<Uint8Array>;
}

/** The prompt of /etc/profile in the image: the folder in blue, then a dollar sign. */
const PROMPT = /~\S*\$ /;
const WAIT_LIMIT_MS = 120_000;

/** Types commands at a shell, as a person does, and times them from outside. */
export class Typist {
  readonly #line: TextLine;
  readonly #decoder = new TextDecoder();
  #shown = "";
  #check: () => void = () => undefined;

  constructor(line: TextLine) {
    this.#line = line;
    line.onOutput((bytes) => {
      this.#shown += this.#decoder.decode(bytes, { stream: true });
      this.#check();
    });
  }

  prompt(): Promise<void> {
    return this.#until(PROMPT);
  }

  /** @returns host milliseconds from the Enter key to the end of the command. */
  async time(command: string): Promise<number> {
    const marker = `done-${Math.random().toString(36).slice(2)}`;
    // Split by quotes, so that the echo of what was typed does not count as its end.
    const typed = `${command}; echo ${marker.slice(0, 2)}''${marker.slice(2)}\n`;
    this.#shown = "";
    const start = performance.now();
    this.#line.write(typed);
    await this.#until(new RegExp(marker));
    return performance.now() - start;
  }

  #until(pattern: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#check = () => undefined;
        reject(
          new Error(`No ${pattern} within ${WAIT_LIMIT_MS} ms, but:\n${this.#shown.slice(-2000)}`),
        );
      }, WAIT_LIMIT_MS);
      this.#check = () => {
        if (!pattern.test(this.#shown)) return;
        clearTimeout(timer);
        this.#check = () => undefined;
        resolve();
      };
      this.#check();
    });
  }
}
