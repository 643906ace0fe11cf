import type { Debuggee } from "./debuggee.js";
import { GdbSession } from "./session.js";
import type { GdbTarget } from "./target.js";
import type { ByteTransport } from "./transport.js";

/** Serves a target to debuggers, one after the other. */
export class GdbServer {
  readonly #target: GdbTarget;
  readonly #debuggee: Debuggee;
  #session: GdbSession | undefined;
  #line: ByteTransport | undefined;
  #closed = false;

  constructor(target: GdbTarget, debuggee: Debuggee) {
    this.#target = target;
    this.#debuggee = debuggee;
  }

  /**
   * Serves a line until it ends. A second one meanwhile is ended at once: two debuggers would
   * take each other's breakpoints for their own.
   */
  async serve(line: ByteTransport): Promise<void> {
    if (this.#session !== undefined || this.#closed) {
      line.close();
      return;
    }
    this.#line = line;
    this.#session = new GdbSession(this.#target, this.#debuggee, line);
    try {
      await this.#session.serve();
    } finally {
      this.#session = undefined;
      this.#line = undefined;
    }
  }

  /** Tells the debugger's user something, if there is one, while the target runs. */
  print(text: string): void {
    this.#session?.print(text);
  }

  /** Ends the session that there is, and takes no other. */
  close(): void {
    this.#closed = true;
    this.#line?.close();
  }
}
