import { describe, expect, it } from "vitest";
import { seededRandom } from "../test-support/fuzz.js";
import { RangeMapBuilder } from "./range-map.js";

describe("RangeMap", () => {
  it("finds the innermost of ranges within each other", () => {
    const builder = new RangeMapBuilder();
    builder.add(0, 100, 1);
    builder.add(10, 50, 2);
    builder.add(20, 30, 3);
    builder.add(90, 100, 4);
    const map = builder.build();
    const expected: [number, number | undefined][] = [
      [-1, undefined],
      [0, 1],
      [10, 2],
      [20, 3],
      [29, 3],
      [30, 2],
      [50, 1],
      [90, 4],
      [99, 4],
      [100, undefined],
    ];
    for (const [address, value] of expected) expect(map.find(address)).toBe(value);
  });

  it("replaces a range by one that begins and ends with it, and ignores empty ones", () => {
    const builder = new RangeMapBuilder();
    builder.add(0, 10, 1);
    builder.add(0, 10, 2);
    builder.add(5, 5, 3);
    expect(builder.build().find(5)).toBe(2);
  });

  it("holds many ranges: nested ones at random, as painting them one over the other would", () => {
    const random = seededRandom(1);
    const size = 5000;
    const painted = new Int32Array(size).fill(-1);
    const builder = new RangeMapBuilder();
    let value = 0;
    const paint = (start: number, end: number, depth: number): void => {
      builder.add(start, end, value);
      painted.fill(value++, start, end);
      let at = start;
      while (depth < 6 && at < end) {
        const from = at + Math.floor(random() * 5);
        const to = Math.min(end, from + 1 + Math.floor((random() * (end - start)) / 2));
        if (from < to) paint(from, to, depth + 1);
        at = to;
      }
    };
    paint(0, size, 0);
    expect(value).toBeGreaterThan(1000);
    const map = builder.build();
    for (let at = 0; at < size; at++) expect(map.find(at)).toBe(painted[at]);
  });
});
