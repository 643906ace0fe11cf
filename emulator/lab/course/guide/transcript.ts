import { ConsoleMessages } from "./console-messages.js";
import { EditedLine } from "./edited-line.js";
import { TerminalTokenizer } from "./terminal-tokens.js";
import { UnconfirmedLines } from "./unconfirmed-lines.js";

/** A line that somebody typed. */
export interface TypedCommand {
  readonly to: "shell" | "gdb";
  readonly line: string;
  /** Where the shell was then, or the one that gdb was started from: `/home/student/1-load`. */
  readonly folder: string;
}

/** What happened at the terminal. */
export type TerminalFact =
  | { readonly kind: "prompt"; readonly of: "shell" | "gdb"; readonly folder: string }
  | { readonly kind: "command"; readonly command: TypedCommand }
  /** A line that a program has written, not the kernel, and not an echo. */
  | {
      readonly kind: "output";
      readonly line: string;
      readonly command: TypedCommand | undefined;
    };

/** /etc/shrc of the image: `user@host:folder$`, or `#` for root. */
const SHELL_PROMPT = /(student|root)@kspace:([~/][^$#]*)[$#] /;
const GDB_PROMPT = /^\(gdb\) /;
/** What every prompt has. */
const PROMPTS = /@kspace:|\(gdb\) /;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what is no text
const PLAIN_LINE = /[^\x00-\x08\x0a-\x1f\x7f]*\r?\n/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: SGR, ECMA-48, 8.3.117
const COLOURS = /\x1b\[[\d;]*m/g;
/** Of what a command prints, so many lines are told: no program of the course prints as much. */
const MOST_LINES = 10_000;

const HOMES: Readonly<Record<string, string>> = { student: "/home/student", root: "/root" };

/** Reads a terminal's output as what was typed and what programs wrote. */
export class Transcript {
  readonly #onFact: (fact: TerminalFact) => void;
  #decoder = new TextDecoder();
  #tokenizer = new TerminalTokenizer();
  readonly #messages = new ConsoleMessages();
  readonly #unconfirmed = new UnconfirmedLines<TerminalFact>();
  readonly #line = new EditedLine();
  /** Where what is typed begins in the line; undefined while a program has the terminal. */
  #input: { readonly of: "shell" | "gdb"; readonly start: number } | undefined;
  /** Carriage returns in a row: two before a line feed are a wrapped line, not an end. */
  #returns = 0;
  #folder = "/";
  #command: TypedCommand | undefined;
  /** The shell's command that gdb was started by. */
  #shellCommand: TypedCommand | undefined;
  /** Of the command, so far. */
  #outputLines = 0;
  #isSilent = false;

  constructor(onFact: (fact: TerminalFact) => void) {
    this.#onFact = onFact;
  }

  push(bytes: Uint8Array): void {
    this.#messages.push(this.#decoder.decode(bytes, { stream: true }), {
      text: (text) => this.#read(text.replace(COLOURS, "")),
      message: (microseconds, line) => this.#hold(microseconds, line),
    });
  }

  /** A message that the kernel's log has. */
  kernelLogged(microseconds: number): void {
    this.#unconfirmed.confirm(microseconds);
  }

  /**
   * Tells the lines that look like the kernel's, and are none: to be called when all messages
   * have been told that came no later than the terminal's output.
   */
  settle(): void {
    // The kernel writes a message to all of its consoles before a program goes on.
    if (this.#input === undefined) return;
    for (const fact of this.#unconfirmed.take()) this.#tell(fact);
  }

  #hold(microseconds: number, line: string): void {
    // At a prompt nobody but the kernel writes.
    if (this.#input !== undefined || this.#command === undefined || this.#isSilent) return;
    this.#unconfirmed.hold(microseconds, { kind: "output", line, command: this.#command });
  }

  #read(text: string): void {
    let position = 0;
    while (position < text.length) {
      const line = this.#plainLine(text, position);
      if (line !== undefined) {
        this.#output(line.replace(/\r?\n$/, ""));
        position += line.length;
        continue;
      }
      const end = text.indexOf("\n", position) + 1 || text.length;
      this.#takeTokens(text.slice(position, end));
      position = end;
    }
  }

  /** A whole line of a program's with nothing in it but text, as most are. */
  #plainLine(text: string, position: number): string | undefined {
    if (this.#input !== undefined || this.#tokenizer.isWaiting || !this.#line.isEmpty) return;
    PLAIN_LINE.lastIndex = position;
    const [line] = PLAIN_LINE.exec(text) ?? [];
    return line === undefined || PROMPTS.test(line) ? undefined : line;
  }

  #takeTokens(text: string): void {
    for (const token of this.#tokenizer.push(text)) {
      if (token.kind === "text") this.#text(token.text);
      else if (token.kind === "sequence") this.#line.apply(token);
      else if (token.code === "\b") this.#line.backspace();
      else if (token.code === "\r") this.#line.carriageReturn();
      else this.#lineFeed();
      const isReturn = token.kind === "control" && token.code === "\r";
      this.#returns = isReturn ? this.#returns + 1 : 0;
    }
  }

  /** The guest went back: the terminal shows this now. It is old, only its prompt is told. */
  reset(backlog: Uint8Array): void {
    this.#decoder = new TextDecoder();
    this.#tokenizer = new TerminalTokenizer();
    this.#line.clear();
    this.#input = undefined;
    this.#command = undefined;
    this.#messages.printedUpTo(-1);
    this.#unconfirmed.clear();
    this.#isSilent = true;
    this.push(backlog);
    this.#isSilent = false;
    this.#command = undefined;
    this.#tellPrompt();
  }

  /** The newest message of the kernel's log, which it has printed by now. */
  kernelPrintedUpTo(microseconds: number): void {
    this.#messages.printedUpTo(microseconds);
  }

  #text(text: string): void {
    this.#line.write(text);
    // All prompts end in a blank.
    if (this.#input === undefined && text.includes(" ")) this.#findPrompt();
  }

  #findPrompt(): void {
    const { text } = this.#line;
    if (!PROMPTS.test(text)) return;
    const shell = SHELL_PROMPT.exec(text);
    if (shell !== null) {
      const [prompt, user = "", folder = ""] = shell;
      // What a program wrote last, without a newline.
      if (shell.index > 0) this.#output(text.slice(0, shell.index));
      this.#folder = folder.replace(/^~/, HOMES[user] ?? "~");
      this.#wait("shell", shell.index + prompt.length);
      return;
    }
    const gdb = GDB_PROMPT.exec(text);
    // gdb that reads its commands from a pipe writes its prompts, too, and its answers behind them.
    const isPiped = this.#shellCommand !== undefined && /[|<]/.test(this.#shellCommand.line);
    if (gdb !== null && !isPiped) this.#wait("gdb", gdb[0].length);
  }

  #wait(of: "shell" | "gdb", start: number): void {
    this.#input = { of, start };
    this.#tellPrompt();
  }

  #lineFeed(): void {
    const input = this.#input;
    if (input !== undefined && this.#returns >= 2) {
      this.#line.wrap();
      return;
    }
    const { text } = this.#line;
    this.#line.clear();
    if (input === undefined) {
      this.#output(text.replace(/^(?:\(gdb\) )+/, ""));
      return;
    }
    this.#input = undefined;
    const line = text.slice(input.start).trim();
    this.#command = { to: input.of, line, folder: this.#folder };
    if (input.of === "shell") this.#shellCommand = this.#command;
    this.#outputLines = 0;
    this.#tell({ kind: "command", command: this.#command });
  }

  #tellPrompt(): void {
    if (this.#input === undefined) return;
    this.#tell({ kind: "prompt", of: this.#input.of, folder: this.#folder });
  }

  #output(line: string): void {
    if (this.#outputLines++ >= MOST_LINES) return;
    this.#tell({ kind: "output", line, command: this.#command });
  }

  #tell(fact: TerminalFact): void {
    if (!this.#isSilent) this.#onFact(fact);
  }
}
