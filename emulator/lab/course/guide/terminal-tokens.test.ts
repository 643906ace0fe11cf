import { describe, expect, it } from "vitest";
import { type TerminalToken, TerminalTokenizer } from "./terminal-tokens.js";

const PROMPT = "\x1b[1;32mstudent@kspace\x1b[0m:\x1b[K$ ls\r\n";

function tokens(chunks: Iterable<string>): TerminalToken[] {
  const tokenizer = new TerminalTokenizer();
  return [...chunks].flatMap((chunk) => tokenizer.push(chunk));
}

function textOf(chunks: Iterable<string>): string {
  return tokens(chunks)
    .map((token) => (token.kind === "text" ? token.text : ""))
    .join("");
}

describe("a terminal's tokens", () => {
  it("are texts, controls and sequences", () => {
    expect(tokens([PROMPT])).toEqual([
      { kind: "sequence", final: "m", parameter: 1 },
      { kind: "text", text: "student@kspace" },
      { kind: "sequence", final: "m", parameter: 0 },
      { kind: "text", text: ":" },
      { kind: "sequence", final: "K", parameter: undefined },
      { kind: "text", text: "$ ls" },
      { kind: "control", code: "\r" },
      { kind: "control", code: "\n" },
    ]);
  });

  it("are the same wherever the chunks are cut", () => {
    expect(textOf(PROMPT)).toBe("student@kspace:$ ls");
    const sequences = tokens(PROMPT).filter(({ kind }) => kind === "sequence");
    expect(sequences).toHaveLength(3);
  });

  it("leave out titles, modes and other escapes", () => {
    expect(textOf(["a\x1b]0;title\x07b\x1b]2;t\x1b\\c\x1b(Bd\x1b7e\x1b[?2004hf\x07g"])).toBe(
      "abcdefg",
    );
  });

  it("do not wait for the end of what has none", () => {
    expect(textOf([`\x1b[${"1".repeat(3000)}`, "text"])).toContain("text");
  });
});
