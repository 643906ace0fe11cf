import { describe, expect, it } from "vitest";
import { lineOf } from "./line-of.js";
import { newRecords } from "./new-records.js";

describe("lineOf", () => {
  it("counts from 1, and falls back to the first", () => {
    expect(lineOf("a\nb c\nd\n", "c")).toBe(2);
    expect(lineOf("a\nb\n", "z")).toBe(1);
  });
});

describe("newRecords", () => {
  it("is what came behind the last known one", () => {
    expect(newRecords([], [1, 2])).toEqual([1, 2]);
    expect(newRecords([1, 2], [1, 2, 3])).toEqual([3]);
    expect(newRecords([1, 2, 3], [3, 4])).toEqual([4]);
    expect(newRecords([1], [1])).toEqual([]);
  });

  it("is nothing for another list", () => {
    expect(newRecords([1, 2], [7])).toBeUndefined();
    expect(newRecords([1, 2], [])).toBeUndefined();
  });
});
