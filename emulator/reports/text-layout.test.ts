import { describe, expect, it } from "vitest";
import { visible, wrapProse } from "./text-layout.js";

describe("wrapProse", () => {
  it("breaks at blanks", () => {
    expect(wrapProse("one two three four", 9)).toEqual(["one two", "three", "four"]);
  });

  it("leaves a word that is too long alone", () => {
    expect(wrapProse("a very_long_word b", 6)).toEqual(["a", "very_long_word", "b"]);
  });
});

it("shows control characters as cat -v does", () => {
  expect(visible("\x1b[31mred\x07\r\tx\x7f")).toBe("^[[31mred^G^M\tx^?");
});
