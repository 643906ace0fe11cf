import { effect, type ReadonlySignal, untracked } from "@preact/signals";
import type { MachineStatus } from "../../../emulator/browser/protocol.js";
import type { Timers } from "../../../emulator/console/timers.js";
import { type TerminalFact, Transcript } from "../../../emulator/lab/course/guide/transcript.js";
import type { KernelRecord } from "../../../emulator/lab/index.js";
import { isDown } from "../app/machine-text.js";
import { newRecords } from "../course/new-records.js";
import type { LabActions, TerminalEvent } from "../lab-actions.js";

/** How a command ended that was typed. */
export type TypedEnd =
  /** The shell waits for the next one. */
  | { readonly kind: "prompt" }
  /** The machine takes no more input. */
  | { readonly kind: "down" }
  /** It went back to a snapshot meanwhile. */
  | { readonly kind: "went-back" };

/** What a shell needs of the page. */
export interface ShellParts {
  readonly actions: Pick<LabActions, "type" | "typeCommand" | "onTerminal">;
  readonly status: ReadonlySignal<MachineStatus>;
  readonly kernelLog: ReadonlySignal<readonly KernelRecord[]>;
}

/** Ctrl-C: the terminal's line discipline makes SIGINT of it (termios(3), VINTR). */
const INTERRUPT = "\x03";

/**
 * The shell at the guest's terminal, as one who types there sees it: whether it waits for a
 * command, in which folder, and what a command prints before the next prompt. Commands are typed and
 * read here, and not run beside the terminal, since so a person sees what is done for them, has it in
 * the shell's history, and can interrupt it; and the course counts it as done.
 */
export class GuestShell implements Disposable {
  readonly #parts: ShellParts;
  readonly #transcript = new Transcript((fact) => this.#take(fact));
  readonly #stops: (() => void)[] = [];
  #waits: { readonly of: "shell" | "gdb"; readonly folder: string } | undefined;
  /** The command whose end somebody waits for. */
  #typed: TypedLine | undefined;
  #onPrompt: () => void = () => undefined;

  constructor(parts: ShellParts) {
    this.#parts = parts;
    const listening = parts.actions.onTerminal((event) => this.#onTerminal(event));
    let known: readonly KernelRecord[] | undefined;
    this.#stops.push(
      () => listening[Symbol.dispose](),
      effect(() => {
        const records = parts.kernelLog.value;
        const more = known && newRecords(known, records);
        known = records;
        // Whoever is told of a line may look at signals, too.
        untracked(() => this.#onKernelLog(more, records));
      }),
      effect(() => {
        if (isDown(parts.status.value.state)) this.#end({ kind: "down" });
      }),
    );
  }

  /** The folder that the shell waits in; undefined while a program has the terminal. */
  get folder(): string | undefined {
    return this.#waits?.of === "shell" ? this.#waits.folder : undefined;
  }

  /** gdb waits at its own prompt. */
  get isGdb(): boolean {
    return this.#waits?.of === "gdb";
  }

  /**
   * Types a command at the shell's prompt, and waits until it has ended.
   * @param onLine gets each line that it prints; the kernel's own messages are none
   * @param signal when it fires, the command is interrupted as Ctrl-C does it
   * @throws the signal's reason
   */
  async run(line: string, onLine: (line: string) => void, signal: AbortSignal): Promise<TypedEnd> {
    signal.throwIfAborted();
    if (isDown(this.#parts.status.peek().state)) return { kind: "down" };
    let onAbort = (): void => undefined;
    try {
      return await new Promise<TypedEnd>((resolve, reject) => {
        onAbort = () => {
          this.interrupt();
          reject(signal.reason);
        };
        signal.addEventListener("abort", onAbort, { once: true });
        this.#typed = { onLine, onEnd: resolve, isRunning: false };
        this.#parts.actions.typeCommand(line);
      });
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#typed = undefined;
    }
  }

  /** Sends Ctrl-C to what has the terminal. A shell that waits begins its line anew. */
  interrupt(): void {
    this.#parts.actions.type(new TextEncoder().encode(INTERRUPT));
  }

  /**
   * Waits until the shell waits, or another program does for its own commands.
   * @returns whether it does; not after so many milliseconds
   */
  waitForPrompt(ms: number, timers: Pick<Timers, "after">): Promise<boolean> {
    if (this.#waits !== undefined) return Promise.resolve(true);
    return new Promise((resolve) => {
      const late = timers.after(ms, () => resolve(false));
      this.#onPrompt = () => {
        late[Symbol.dispose]();
        resolve(true);
      };
    });
  }

  [Symbol.dispose](): void {
    for (const stop of this.#stops) stop();
  }

  #onTerminal(event: TerminalEvent): void {
    if (event.kind === "output") {
      this.#transcript.push(event.bytes);
      return;
    }
    this.#waits = undefined;
    this.#end({ kind: "went-back" });
    this.#transcript.reset(event.backlog);
  }

  /** Which of the terminal's lines were the kernel's shows in its log, as for the course's steps. */
  #onKernelLog(more: readonly KernelRecord[] | undefined, all: readonly KernelRecord[]): void {
    if (more === undefined) {
      // All that there is has been printed by now.
      this.#transcript.kernelPrintedUpTo(all.at(-1)?.microseconds ?? -1);
      return;
    }
    for (const { microseconds } of more) this.#transcript.kernelLogged(microseconds);
    this.#transcript.settle();
  }

  #take(fact: TerminalFact): void {
    const typed = this.#typed;
    switch (fact.kind) {
      case "command":
        this.#waits = undefined;
        if (typed !== undefined) typed.isRunning = true;
        break;
      case "output":
        if (typed?.isRunning) typed.onLine(fact.line);
        break;
      case "prompt":
        this.#waits = { of: fact.of, folder: fact.folder };
        this.#onPrompt();
        this.#onPrompt = () => undefined;
        // The one before it was typed may be drawn anew.
        if (typed?.isRunning) this.#end({ kind: "prompt" });
        break;
    }
  }

  #end(end: TypedEnd): void {
    const typed = this.#typed;
    this.#typed = undefined;
    typed?.onEnd(end);
  }
}

interface TypedLine {
  readonly onLine: (line: string) => void;
  readonly onEnd: (end: TypedEnd) => void;
  /** Its Enter has been echoed: what comes now is its own. */
  isRunning: boolean;
}
