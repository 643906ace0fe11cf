import type { ReadStream, WriteStream } from "node:tty";
import { AlternateScreen, LEAVE_ALTERNATE_SCREEN } from "./alternate-screen.js";

/** Rows and columns. */
export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** The terminal that a person sits at. */
export interface HostTerminal extends Disposable {
  write(output: Uint8Array | string): void;
  readonly size: TerminalSize | undefined;
  onInput(listener: (input: Uint8Array) => void): void;
  onResize(listener: () => void): void;
  /** The terminal has gone away. */
  onHangup(listener: () => void): void;
}

/** "Select Graphic Rendition" 0 and DECTCEM: what a program may have left switched. */
const PLAIN_TEXT_AND_CURSOR = "\x1b[0m\x1b[?25h";

/** What is used of the process's own streams. */
export type TerminalInput = Pick<ReadStream, "setRawMode" | "on" | "off" | "resume" | "pause">;
export type TerminalOutput = Pick<
  WriteStream,
  "isTTY" | "rows" | "columns" | "write" | "on" | "off"
>;

/**
 * Takes the process's terminal: each key comes as it is, Ctrl-C too. It is given back as it
 * was when this is disposed of, and also when something else ends the process.
 */
export function takeTerminal(stdin: TerminalInput, stdout: TerminalOutput): HostTerminal {
  const screen = new AlternateScreen();
  const cleanup: (() => void)[] = [];
  let taken = true;
  const giveBack = (): void => {
    if (!taken) return;
    taken = false;
    stdin.setRawMode(false);
    if (screen.active) stdout.write(LEAVE_ALTERNATE_SCREEN);
    if (stdout.isTTY) stdout.write(PLAIN_TEXT_AND_CURSOR);
  };
  stdin.setRawMode(true);
  process.on("exit", giveBack);
  return {
    write: (output) => {
      screen.shown(output);
      stdout.write(output);
    },
    get size() {
      return stdout.isTTY ? { rows: stdout.rows, columns: stdout.columns } : undefined;
    },
    onInput: (listener) => {
      stdin.on("data", listener);
      cleanup.push(() => stdin.off("data", listener));
      stdin.resume();
    },
    onResize: (listener) => {
      stdout.on("resize", listener);
      cleanup.push(() => stdout.off("resize", listener));
    },
    onHangup: (listener) => {
      stdin.on("end", listener);
      cleanup.push(() => stdin.off("end", listener));
    },
    [Symbol.dispose]: () => {
      giveBack();
      process.off("exit", giveBack);
      for (const clean of cleanup) clean();
      stdin.pause();
    },
  };
}
