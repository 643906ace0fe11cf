import { expect, it } from "vitest";
import { colouredPieces } from "./coloured-text.js";

it("is in pieces of one look each, as clang colours a message", () => {
  // `clang-16 -fcolor-diagnostics` begins its messages so.
  const written =
    "\x1b[1mhello.c:57:3: \x1b[0m\x1b[0;1;31merror: \x1b[0m\x1b[1mno such\x1b[0m\nint";
  expect(colouredPieces(written)).toEqual([
    { text: "hello.c:57:3: ", isBold: true, colour: undefined },
    { text: "error: ", isBold: true, colour: "red" },
    { text: "no such", isBold: true, colour: undefined },
    { text: "\nint", isBold: false, colour: undefined },
  ]);
});

it("knows bright colours, and what ends a look", () => {
  expect(colouredPieces("\x1b[94;1ma\x1b[22mb\x1b[39mc\x1b[md")).toEqual([
    { text: "a", isBold: true, colour: "bright-blue" },
    { text: "b", isBold: false, colour: "bright-blue" },
    { text: "cd", isBold: false, colour: undefined },
  ]);
});

it("leaves out whatever else a terminal would obey", () => {
  const written = "a\x1b[2Jb\x1b]0;title\x07c\x1b7d\x00e\tf\x1b[48;5;9mg\x1b";
  const text = colouredPieces(written)
    .map((piece) => piece.text)
    .join("");
  expect(text).toBe("ab0;titlecde\tfg");
});

it("of nothing is nothing", () => {
  expect(colouredPieces("")).toEqual([]);
});
