import {
  autopsyNotice,
  type Doom,
  describeEnd,
  type Lab,
  type LabReport,
} from "../../lab/index.js";
import { describeFreeze } from "../ending-text.js";
import { reportNotice } from "../report-text.js";
import { symbolizeFreeze } from "../symbolize.js";
import { formatDuration, wrapLine } from "../text-layout.js";
import { lastLine, withoutKernelMessages } from "./backlog.js";
import { EscapeKeys, type KeyAction } from "./escape-keys.js";
import type { HostTerminal } from "./host-terminal.js";

/** What tells our lines from the guest's. */
const PREFIX = "[kspace] ";
const HINT = "Ctrl-] q leaves, Ctrl-] r brings a frozen machine back, Ctrl-] ? helps.";

const HELP = [
  "Keys behind Ctrl-] (most terminals send the same for Ctrl-5):",
  "  q       leave; the guest and its files are gone then",
  "  r       back to the checkpoint; files below /home stay as they are",
  "  c       make a checkpoint of the guest as it is now",
  "  Ctrl-]  type a Ctrl-]",
];

export interface InteractiveOptions {
  readonly signal: AbortSignal;
  /** Show everything since the guest was switched on, and not only what follows its boot. */
  readonly showsBoot: boolean;
}

/**
 * Connects a person's terminal to the guest's, until they leave.
 * @throws the reason of the signal.
 */
export async function runInteractive(
  lab: Lab,
  terminal: HostTerminal,
  options: InteractiveOptions,
): Promise<void> {
  const session = new InteractiveSession(lab, terminal);
  try {
    await session.run(options);
  } finally {
    session[Symbol.dispose]();
  }
}

class InteractiveSession {
  readonly #lab: Lab;
  readonly #terminal: HostTerminal;
  readonly #keys = new EscapeKeys();
  readonly #listening: Disposable[] = [];
  #cursorAtLineStart = true;
  #rescuing = false;
  #resizing = false;
  #sizeIsOld = false;

  constructor(lab: Lab, terminal: HostTerminal) {
    this.#lab = lab;
    this.#terminal = terminal;
  }

  async run({ signal, showsBoot }: InteractiveOptions): Promise<void> {
    this.#say(HINT);
    const ended = this.#takeInput(signal);
    this.#terminal.onResize(() => void this.#attempt(() => this.#resize()));
    this.#listening.push(this.#lab.onDoom((doom) => void this.#tellDoom(doom)));
    this.#listening.push(this.#lab.onReport((report) => this.#tellReport(report)));
    this.#listening.push(
      this.#lab.packs.onFetch((fetch) => {
        if (fetch.state === "failed") this.#say(fetch.error.message);
      }),
    );
    await this.#attempt(() => this.#resize());
    const { terminal } = this.#lab;
    const backlog = terminal.backlog();
    this.#write(showsBoot ? backlog : withoutKernelMessages(backlog));
    this.#listening.push(
      terminal.onOutput((bytes) => {
        // What the guest says during a rescue is shown after it, out of the backlog.
        if (!this.#rescuing) this.#write(bytes);
      }),
    );
    await ended;
  }

  /** Settles when the person leaves. */
  #takeInput(signal: AbortSignal): Promise<void> {
    const ended = new Promise<void>((resolve, reject) => {
      const stop = (): void => reject(signal.reason);
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) stop();
      this.#terminal.onHangup(resolve);
      this.#terminal.onInput((input) => {
        for (const action of this.#actions(input)) {
          if (action.kind === "quit") resolve();
          else this.#act(action);
        }
      });
    });
    // It may be rejected before anybody waits for it.
    ended.catch(() => undefined);
    return ended;
  }

  [Symbol.dispose](): void {
    for (const listening of this.#listening) listening[Symbol.dispose]();
    if (!this.#cursorAtLineStart) this.#write("\r\n");
  }

  /** With the guest down nobody else takes keys, so the plain ones will do. */
  #actions(input: Uint8Array): KeyAction[] {
    const actions = this.#keys.read(input);
    if (this.#lab.doom === undefined) return actions;
    return actions.flatMap((action): KeyAction[] => {
      if (action.kind !== "type") return [action];
      const keys = new TextDecoder().decode(action.bytes);
      if (keys.includes("q")) return [{ kind: "quit" }];
      return keys.includes("r") ? [{ kind: "rescue" }] : [];
    });
  }

  #act(action: Exclude<KeyAction, { kind: "quit" }>): void {
    switch (action.kind) {
      case "type":
        this.#lab.terminal.write(action.bytes);
        break;
      case "help":
        for (const line of HELP) this.#say(line);
        this.#showLastLine();
        break;
      case "rescue":
        void this.#attempt(() => this.#rescue());
        break;
      case "checkpoint":
        void this.#attempt(() => this.#checkpoint());
        break;
    }
  }

  async #rescue(): Promise<void> {
    if (this.#rescuing) return;
    this.#rescuing = true;
    try {
      const start = performance.now();
      await this.#lab.restore();
      await this.#resize();
      const took = formatDuration(performance.now() - start);
      this.#say(`The machine is back at its checkpoint, after ${took}.`);
      this.#showLastLine();
    } finally {
      this.#rescuing = false;
    }
  }

  async #checkpoint(): Promise<void> {
    await this.#lab.checkpoint();
    this.#say("Checkpoint made: Ctrl-] r comes back to here.");
    this.#showLastLine();
  }

  async #tellDoom(doom: Doom): Promise<void> {
    for (const line of await this.#describeDoom(doom)) this.#say(line);
    this.#say("Press r to bring the machine back to its checkpoint, q to leave.");
  }

  #tellReport(report: LabReport): void {
    for (const line of reportNotice(report)) this.#say(line);
    if (this.#lab.doom === undefined) this.#showLastLine();
  }

  async #describeDoom(doom: Doom): Promise<string[]> {
    switch (doom.outcome) {
      case "frozen":
        return [
          ...describeFreeze(doom.freeze, await symbolizeFreeze(this.#lab, doom.freeze)),
          // Without its symbols a guest cannot be opened, and is frozen all the same.
          ...(await this.#lab.autopsy().then(autopsyNotice, () => [])),
        ];
      case "panic":
        return [`The kernel panicked: ${doom.message}`];
      case "dead":
        return [describeEnd(doom.cause)];
    }
  }

  /** Tells the guest how large the terminal is, and again when that changes meanwhile. */
  async #resize(): Promise<void> {
    this.#sizeIsOld = true;
    if (this.#resizing) return;
    this.#resizing = true;
    try {
      while (this.#sizeIsOld) {
        this.#sizeIsOld = false;
        const { size } = this.#terminal;
        if (size === undefined) return;
        const { rows, columns } = size;
        const args = ["-F", "/dev/ttyS0", "rows", String(rows), "cols", String(columns)];
        await this.#lab.run("/bin/stty", { args });
      }
    } finally {
      this.#resizing = false;
    }
  }

  async #attempt(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error));
    }
  }

  /** A line of ours, on a line of its own. */
  #say(text: string): void {
    if (!this.#cursorAtLineStart) this.#write("\r\n");
    const lines = text
      .split("\n")
      .flatMap((line) => wrapLine(PREFIX + line, this.#terminal.size?.columns, PREFIX.length));
    // The terminal is raw: a line feed alone would not go to the left.
    this.#write(lines.map((line) => `${line}\r\n`).join(""));
  }

  /** The guest's prompt again, behind lines of ours. */
  #showLastLine(): void {
    this.#write(lastLine(withoutKernelMessages(this.#lab.terminal.backlog())));
  }

  #write(output: Uint8Array | string): void {
    if (output.length === 0) return;
    const last = typeof output === "string" ? output.charCodeAt(output.length - 1) : output.at(-1);
    this.#cursorAtLineStart = last === 0x0a;
    this.#terminal.write(output);
  }
}
