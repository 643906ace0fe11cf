import type { Lab } from "../lab.js";
import { waitInGuest } from "./guest.js";

/** What a shell and gdb end their output with when they wait for input. */
export const SHELL_PROMPT = /student@kspace:\S+\$ $/;
export const GDB_PROMPT = /\(gdb\) $/;

/** Escape sequences with parameters (ECMA-48, 5.4), and the carriage returns of the line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they are
const CONTROL_SEQUENCE = /\x1b\[[0-?]*[ -/]*[@-~]|\r/g;

/** Somebody at the lab's terminal, who waits for each prompt before typing on. */
export class Typist implements Disposable {
  readonly #lab: Lab;
  readonly #listening: Disposable;
  readonly #decoder = new TextDecoder();
  #seen = "";

  constructor(lab: Lab) {
    this.#lab = lab;
    this.#listening = lab.terminal.onOutput((bytes) => {
      this.#seen += this.#decoder.decode(bytes, { stream: true });
    });
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
  }

  /** What has come since the last prompt, without control sequences. */
  get seen(): string {
    return this.#seen.replace(CONTROL_SEQUENCE, "");
  }

  /**
   * Types, and waits for what the output then ends with.
   * @returns the output, the echo of what was typed and the prompt included.
   */
  async type(keys: string, end: RegExp, boundMs = 60_000): Promise<string> {
    this.#seen = "";
    this.#lab.terminal.write(keys);
    return this.until(end, boundMs, JSON.stringify(keys));
  }

  /** Waits for what the output since the last prompt ends with. */
  until(end: RegExp, boundMs = 60_000, what = "the output"): Promise<string> {
    return waitInGuest(this.#lab, boundMs, `${end} after ${what}`, () =>
      end.test(this.seen) ? this.seen : undefined,
    );
  }

  /** A line, and what came between it and the prompt after it. */
  async line(line: string, prompt: RegExp): Promise<string> {
    const output = await this.type(`${line}\n`, prompt);
    const start = output.indexOf("\n") + 1;
    return output.slice(start, output.search(prompt));
  }
}
