import type { ReadStream, WriteStream } from "node:tty";

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

/**
 * Takes the process's terminal: each key comes as it is, Ctrl-C too. It is given back as it
 * was when this is disposed of, and whatever else ends the process.
 */
export function takeTerminal(stdin: ReadStream, stdout: WriteStream): HostTerminal {
  const listeners: (() => void)[] = [];
  const listen = (
    target: NodeJS.EventEmitter,
    event: string,
    listener: (data: Uint8Array) => void,
  ) => {
    target.on(event, listener);
    listeners.push(() => target.off(event, listener));
  };
  let taken = true;
  const giveBack = (): void => {
    if (!taken) return;
    taken = false;
    stdin.setRawMode(false);
    if (stdout.isTTY) stdout.write(PLAIN_TEXT_AND_CURSOR);
  };
  stdin.setRawMode(true);
  process.on("exit", giveBack);
  return {
    write: (output) => {
      stdout.write(output);
    },
    get size() {
      return stdout.isTTY ? { rows: stdout.rows, columns: stdout.columns } : undefined;
    },
    onInput: (listener) => {
      listen(stdin, "data", listener);
      stdin.resume();
    },
    onResize: (listener) => listen(stdout, "resize", listener),
    onHangup: (listener) => listen(stdin, "end", listener),
    [Symbol.dispose]: () => {
      giveBack();
      process.off("exit", giveBack);
      for (const stop of listeners) stop();
      stdin.pause();
    },
  };
}
