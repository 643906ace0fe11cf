import { expect, it } from "vitest";
import { minimalChange } from "./minimal-change.js";

it.each([
  ["same", "same", { from: 4, to: 4, insert: "" }],
  ["one two three", "one 2 three", { from: 4, to: 7, insert: "2" }],
  ["", "new", { from: 0, to: 0, insert: "new" }],
  ["gone", "", { from: 0, to: 4, insert: "" }],
  ["aa", "aaa", { from: 2, to: 2, insert: "a" }],
  ["aaa", "aa", { from: 2, to: 3, insert: "" }],
])("turns %j into %j", (before, after, change) => {
  expect(minimalChange(before, after)).toEqual(change);
  expect(before.slice(0, change.from) + change.insert + before.slice(change.to)).toBe(after);
});
