import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWords } from "./shell-words.js";

test.each([
  "a b  c",
  " -g ",
  "",
  `-DNAME='"a b"'`,
  String.raw`-DNAME=\"a\" -DB=a\ b`,
  String.raw`"a \" \\ \n b"'c d'e`,
  `'' "" x`,
  "a\tb\t",
])("splits %j as a shell does", (text) => {
  const printed = execFileSync("/bin/sh", ["-c", `for w in ${text}; do printf '%s\\0' "$w"; done`]);
  const words = printed.toString().split("\0").slice(0, -1);
  expect(shellWords(text)).toEqual(words);
});

test("an open quotation mark is a character like any other", () => {
  expect(shellWords("a'b c")).toEqual(["a'b", "c"]);
});
