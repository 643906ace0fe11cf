import { PassThrough } from "node:stream";
import { beforeEach, describe, expect, it } from "vitest";
import { type TerminalInput, type TerminalOutput, takeTerminal } from "./host-terminal.js";

/** A terminal as Node shows it, that remembers what is done to it. */
class FakeTty extends PassThrough {
  readonly isTTY = true;
  readonly rows = 24;
  readonly columns = 80;
  readonly rawModes: boolean[] = [];

  setRawMode(mode: boolean): this {
    this.rawModes.push(mode);
    return this;
  }
}

describe("takeTerminal", () => {
  let stdin: FakeTty;
  let stdout: FakeTty;
  const take = () => {
    // The streams of node:tty have far more members than are used.
    return takeTerminal(stdin as unknown as TerminalInput, stdout as unknown as TerminalOutput);
  };
  beforeEach(() => {
    stdin = new FakeTty();
    stdout = new FakeTty();
  });

  it("takes every key, and gives the terminal back once", () => {
    const before = process.listenerCount("exit");
    const terminal = take();
    expect(stdin.rawModes).toEqual([true]);
    expect(terminal.size).toEqual({ rows: 24, columns: 80 });
    terminal[Symbol.dispose]();
    terminal[Symbol.dispose]();
    expect(stdin.rawModes).toEqual([true, false]);
    expect(process.listenerCount("exit")).toBe(before);
    expect(stdout.listenerCount("resize")).toBe(0);
  });

  it("gives it back when something else ends the process", () => {
    const terminal = take();
    process.listeners("exit").at(-1)?.call(process, 1);
    expect(stdin.rawModes).toEqual([true, false]);
    terminal[Symbol.dispose]();
  });

  it("leaves the screen of an editor that was still open", () => {
    const terminal = take();
    terminal.write("\x1b[?1049heditor");
    terminal[Symbol.dispose]();
    expect(String(stdout.read())).toBe("\x1b[?1049heditor\x1b[?1049l\x1b[0m\x1b[?25h");
  });
});
