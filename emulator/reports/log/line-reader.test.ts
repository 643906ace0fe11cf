import { describe, expect, it } from "vitest";
import { LineReader } from "./line-reader.js";
import type { LogLine } from "./log-line.js";

function readAll(pieces: readonly string[], wanted = true): LogLine[] {
  const lines: LogLine[] = [];
  const reader = new LineReader({
    words: ["needle"],
    wantsAll: () => wanted,
    matters: (text, at) => text.startsWith("BUG: ", at),
    standsAlone: () => true,
    take: (line) => lines.push(line),
  });
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return lines;
}

const texts = (lines: readonly LogLine[]): string[] => lines.map(({ text }) => text);

describe("LineReader", () => {
  it("gives the same lines however the text is cut", () => {
    const text = "[    1.000000] one\r\n[    2.000000] two\n\nthree";
    const whole = readAll([text]);
    expect(texts(whole)).toEqual(["one", "two", "", "three"]);
    expect(whole.map(({ first }) => first)).toEqual([1, 2, 3, 4]);
    expect(readAll([...text])).toEqual(whole);
  });

  it("takes colours and other control characters out", () => {
    expect(
      texts(readAll(["\u001b[32m[    1.000000] \u001b[0m\u001b[33mBUG: \u001b[0mhello\u0000\n"])),
    ).toEqual(["BUG: hello"]);
  });

  it("keeps what a carriage return would have overwritten", () => {
    expect(texts(readAll(["50%\r100%\r[    1.000000] BUG: hello\n"]))).toEqual([
      "50%",
      "100%",
      "BUG: hello",
    ]);
  });

  it("parts lines that lost the newline between them, and drops a prompt before the kernel's time", () => {
    expect(texts(readAll(["[    1.000000] usb 1-1: new[    1.000001] BUG: hello\n"]))).toEqual([
      "usb 1-1: new",
      "BUG: hello",
    ]);
    expect(texts(readAll(["buster login: [    1.000000] BUG: hello\n"]))).toEqual(["BUG: hello"]);
  });

  it("gives only what matters while nothing else is wanted", () => {
    const lines = readAll(
      ["[    1.000000] one\nBUG: two\nthree needle\nOct 21 22:09:08 h sshd[1]: BUG: four\n"],
      false,
    );
    expect(texts(lines)).toEqual(["BUG: two", "three needle"]);
    expect(lines.map(({ first }) => first)).toEqual([2, 3]);
  });

  it("cuts a line without an end", () => {
    const [line] = readAll(["x".repeat(100_000), "y\nz\n"]);
    expect(line?.text).toHaveLength(16_384);
  });

  it("numbers the lines of a message that holds several", () => {
    const lines: LogLine[] = [];
    const reader = new LineReader({
      words: [],
      wantsAll: () => true,
      matters: () => false,
      standsAlone: () => true,
      take: (line) => lines.push(line),
    });
    const facts = { seconds: 1, level: 4, caller: "T1", source: "kernel" } as const;
    reader.pushMessage("\nbut task is already holding lock:\n", facts);
    reader.pushMessage("next", facts);
    expect(lines.map(({ text, first }) => [text, first])).toEqual([
      ["", 1],
      ["but task is already holding lock:", 2],
      ["", 3],
      ["next", 4],
    ]);
  });
});
