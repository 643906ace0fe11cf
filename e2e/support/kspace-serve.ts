import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const KSPACE = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** The built `kspace serve`, at a port that is free. */
export class KspaceServe implements Disposable {
  readonly #process: ChildProcessByStdio<null, Readable, null>;
  readonly #output: AsyncIterator<string>;
  /** What it has said so far. */
  readonly #lines: string[] = [];

  constructor(...options: readonly string[]) {
    this.#process = spawn(process.execPath, [KSPACE, "serve", "--port", "0", ...options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#output = createInterface(this.#process.stdout)[Symbol.asyncIterator]();
  }

  /** The page's address. */
  address(): Promise<string> {
    return this.says(/(http:\/\/\S+)/);
  }

  /**
   * @returns what a line of its has in the pattern's group
   * @throws (rejects) when it ends without such a line
   */
  async says(pattern: RegExp): Promise<string> {
    for (let at = 0; ; at++) {
      const line = this.#lines[at] ?? (await this.#nextLine(pattern));
      const [, found] = pattern.exec(line) ?? [];
      if (found !== undefined) return found;
    }
  }

  /** Ends it as Ctrl+C does. @returns its exit status */
  async stop(): Promise<number | null> {
    const exited = once(this.#process, "exit");
    this[Symbol.dispose]();
    const [status] = await exited;
    return status;
  }

  [Symbol.dispose](): void {
    this.#process.kill("SIGINT");
  }

  async #nextLine(awaited: RegExp): Promise<string> {
    const { done, value } = await this.#output.next();
    if (done) {
      throw new Error(`kspace serve ended without ${awaited}: ${this.#lines.join("\n")}`);
    }
    this.#lines.push(value);
    return value;
  }
}
