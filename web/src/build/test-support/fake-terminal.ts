import { Emitter } from "../../../../emulator/machine/emitter.js";
import type { LabActions, TerminalEvent } from "../../lab-actions.js";

/** As the image's shell writes it. */
export function prompt(folder: string): string {
  return `\x1b[1;32mstudent@kspace\x1b[0m:\x1b[1;34m${folder}\x1b[0m$ `;
}

export const PROMPT = prompt("~");

/** The guest's terminal, whose other side is the test's. */
export class FakeTerminal implements Pick<LabActions, "type" | "typeCommand" | "onTerminal"> {
  readonly typed: string[] = [];
  readonly keys: string[] = [];
  /** Does what a guest would when a line is typed. */
  onCommand: (line: string) => void = () => undefined;
  /** What the terminal shows when somebody begins to listen. */
  onListener: () => string = () => "";
  readonly #events = new Emitter<TerminalEvent>();

  type(bytes: Uint8Array): void {
    this.keys.push(new TextDecoder().decode(bytes));
  }

  typeCommand(line: string): void {
    this.typed.push(line);
    this.onCommand(line);
  }

  onTerminal(listener: (event: TerminalEvent) => void): Disposable {
    listener({ kind: "reset", backlog: new TextEncoder().encode(this.onListener()) });
    return this.#events.on(listener);
  }

  write(text: string): void {
    this.#events.emit({ kind: "output", bytes: new TextEncoder().encode(text) });
  }

  reset(backlog: string): void {
    this.#events.emit({ kind: "reset", backlog: new TextEncoder().encode(backlog) });
  }
}
