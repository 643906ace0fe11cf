import { expect, it } from "vitest";
import { previewText } from "./preview-text.js";

it("shows plain text as it is, whatever system its lines are from", () => {
  expect(previewText("int x;\r\n\tint größe;\n")).toEqual({
    text: "int x;\n\tint größe;\n",
    isCut: false,
    hasHidden: false,
  });
});

// The first of the examples in Boucher and Anderson, "Trojan Source" (2021), in its essence.
it("shows what would turn the direction of code, or hide in it", () => {
  const { text, hasHidden } = previewText("/*\u202e } \u2066if (is_admin)\u2069 \u2066 begin */");
  expect(text).toBe("/*<U+202E> } <U+2066>if (is_admin)<U+2069> <U+2066> begin */");
  expect(hasHidden).toBe(true);
  expect(previewText("a\rb\u200b\x1b[2J").text).toBe("a<U+000D>b<U+200B><U+001B>[2J");
});

it("shows the beginning of what is long", () => {
  const { text, isCut } = previewText("x".repeat(100_000));
  expect(text).toHaveLength(65_536);
  expect(isCut).toBe(true);
});
