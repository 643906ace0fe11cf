import { describe, expect, it } from "vitest";
import { UnconfirmedLines } from "./unconfirmed-lines.js";

describe("lines that look like the kernel's messages", () => {
  it("are the kernel's when its log has them, whichever comes first", () => {
    const lines = new UnconfirmedLines<string>();
    lines.hold(1, "first");
    lines.confirm(1);
    lines.confirm(2);
    lines.hold(2, "second");
    expect(lines.take()).toEqual([]);
  });

  it("are a program's otherwise, in their order, and told once", () => {
    const lines = new UnconfirmedLines<string>();
    for (const microseconds of [1, 2, 2, 3]) lines.hold(microseconds, `at ${microseconds}`);
    lines.confirm(1);
    expect(lines.take()).toEqual(["at 2", "at 2", "at 3"]);
    expect(lines.take()).toEqual([]);
  });

  it("do not pile up", () => {
    const lines = new UnconfirmedLines<number>();
    for (let microseconds = 0; microseconds < 50_000; microseconds++) {
      lines.hold(microseconds, microseconds);
      lines.confirm(100_000 + microseconds);
    }
    expect(lines.take()).toHaveLength(10_000);
    // The oldest of those that came early are forgotten.
    lines.hold(100_000, 1);
    lines.hold(149_999, 2);
    expect(lines.take()).toEqual([1]);
  });
});
