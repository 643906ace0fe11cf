import { describe, expect, it } from "vitest";
import { formatDuration, wrapLine } from "./text-layout.js";

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

it.each([
  [0.4, "0 ms"],
  [143.4, "143 ms"],
  [2149, "2.1 s"],
])("writes %d ms as %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
