import { describe, expect, it } from "vitest";
import { formatDuration, visible, wrapLine, wrapProse } from "./text-layout.js";

describe("wrapProse", () => {
  it("breaks at blanks", () => {
    expect(wrapProse("one two three four", 9)).toEqual(["one two", "three", "four"]);
  });

  it("leaves a word that is too long alone", () => {
    expect(wrapProse("a very_long_word b", 6)).toEqual(["a", "very_long_word", "b"]);
  });
});

describe("wrapLine", () => {
  it("indents what follows", () => {
    expect(wrapLine("[ 1.0] one two three", 16, 7)).toEqual(["[ 1.0] one two", "       three"]);
  });

  it("cuts where there is no blank", () => {
    expect(wrapLine("abcdefghij", 4, 1)).toEqual(["abcd", " efg", " hij"]);
  });

  it("leaves lines alone when nobody looks at a screen, or a tiny one", () => {
    expect(wrapLine("a long line", undefined, 2)).toEqual(["a long line"]);
    expect(wrapLine("a long line", 3, 2)).toEqual(["a long line"]);
  });
});

it("shows control characters as cat -v does", () => {
  expect(visible("\x1b[31mred\x07\r\tx\x7f")).toBe("^[[31mred^G^M\tx^?");
});

it.each([
  [0.4, "0 ms"],
  [143.4, "143 ms"],
  [2149, "2.1 s"],
])("writes %d ms as %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
