import { describe, expect, it } from "vitest";
import { nameProblem, pathProblem, visibleName, visibleText } from "./file-name.js";

describe("a name", () => {
  it.each([
    "hello.c",
    "Makefile",
    ".clang-format",
    "ring buffer.c",
    "größe.c",
    "模块.c",
    "__proto__",
    "constructor",
    "a".repeat(255),
  ])("%j is fine", (name) => expect(nameProblem(name)).toBeUndefined());

  it.each([
    ["", "needs a name"],
    [".", "stands for a folder"],
    ["..", "stands for a folder"],
    ["a/b", "has no “/”"],
    ["../hello.c", "has no “/”"],
    ["/etc/passwd", "has no “/”"],
    ["a\0b", "<U+0000>"],
    ["a\nb", "not seen"],
    ["\x1b[31mred", "<U+001B>"],
    ["\x7f", "<U+007F>"],
    ["\x9b", "<U+009B>"],
    // Seen as "hello.c" with its end elsewhere.
    ["\u202ec.olleh", "<U+202E>"],
    ["he\u200bllo.c", "<U+200B>"],
    ["hello\u2028.c", "<U+2028>"],
    ["\ud800", "<U+D800>"],
    [" hello.c", "space"],
    ["hello.c ", "space"],
    ["-rf", "option"],
    ["a".repeat(256), "too long"],
    // 2 bytes each.
    ["ö".repeat(128), "too long"],
  ])("%j is refused", (name, why) => expect(nameProblem(name)).toContain(why));

  it("is never shown in full when it is very long", () => {
    expect(nameProblem(`\0${"x".repeat(100_000)}`)?.length).toBeLessThan(200);
  });
});

describe("a path from a folder", () => {
  it.each(["hello.c", "include/ring.h", "a/b/c/d/e.c"])("%j is fine", (path) => {
    expect(pathProblem(path)).toBeUndefined();
  });

  it.each(["", "/hello.c", "a//b", "a/", "../a", "a/../b", "a/./b", "a/b/c/d/e/f.c"])(
    "%j is refused",
    (path) => expect(pathProblem(path)).toBeDefined(),
  );
});

it("shows what is not seen, and leaves lines and tabs", () => {
  expect(visibleText("if (x)\n\treturn; /*\u202e*/\r")).toBe(
    "if (x)\n\treturn; /*<U+202E>*/<U+000D>",
  );
  expect(visibleName("a\u{e0001}b")).toBe("a<U+E0001>b");
});
