import { expect, it } from "vitest";
import { quoteForShell } from "./shell-quote.js";

it.each([
  ["./a.out", "./a.out"],
  ["list=1,2,3", "list=1,2,3"],
  ["text=a b", "'text=a b'"],
  ["it's", "'it'\\''s'"],
  ["", "''"],
  ["$HOME", "'$HOME'"],
])("quotes %s only where a shell needs it", (word, quoted) => {
  expect(quoteForShell(word)).toBe(quoted);
});
