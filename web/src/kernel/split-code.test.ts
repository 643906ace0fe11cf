import { expect, it } from "vitest";
import { splitCode } from "./split-code.js";

const prose = (text: string) => ({ isCode: false, text });
const code = (text: string) => ({ isCode: true, text });

it("finds the code of a sentence", () => {
  expect(splitCode("`hello_write()` passed a `NULL` pointer.")).toEqual([
    code("hello_write()"),
    prose(" passed a "),
    code("NULL"),
    prose(" pointer."),
  ]);
});

it("leaves a backquote alone that nothing closes", () => {
  expect(splitCode("`a` and b` c")).toEqual([code("a"), prose(" and b` c")]);
  expect(splitCode("a ` b")).toEqual([prose("a ` b")]);
});

it("knows plain prose, and nothing at all", () => {
  expect(splitCode("plain")).toEqual([prose("plain")]);
  expect(splitCode("")).toEqual([]);
});
