import { expect, it } from "vitest";
import type { KernelRecord } from "../../../emulator/console/kernel-log.js";
import { LogLayout } from "./log-layout.js";
import { formatTime, logAsText } from "./log-text.js";

function record(sequence: number, text: string): KernelRecord {
  return {
    sequence,
    level: 6,
    text,
    facility: 0,
    microseconds: sequence * 1_500_000,
    seconds: sequence * 1.5,
    continuation: false,
    dictionary: {},
    missing: 0,
  };
}

const LOG = [
  record(7, "short"),
  record(8, "x".repeat(45)),
  record(9, "one\n\nthree"),
  record(12, ""),
];

it("gives each message the rows that it needs", () => {
  const layout = new LogLayout(LOG, 20);
  expect(layout.rows).toBe(1 + 3 + 3 + 1);
  expect(LOG.map((_, index) => layout.firstRowOf(index))).toEqual([0, 1, 4, 7]);
  expect(layout.piecesOf(1)).toEqual(["x".repeat(20), "x".repeat(20), "x".repeat(5)]);
  expect(layout.piecesOf(2)).toEqual(["one", "", "three"]);
});

it("breaks a message at blanks", () => {
  const layout = new LogLayout([record(0, "Code: 90 90 90 90 90 <0f> 0b 90 90")], 20);
  expect(layout.piecesOf(0)).toEqual(["Code: 90 90 90 90 90", "<0f> 0b 90 90"]);
  expect(layout.rows).toBe(2);
});

it("finds the message of a row", () => {
  const layout = new LogLayout(LOG, 20);
  expect([0, 1, 3, 4, 6, 7, 99].map((row) => layout.indexAt(row))).toEqual([0, 1, 1, 2, 2, 3, 3]);
  expect(new LogLayout([], 20).indexAt(3)).toBe(0);
});

it("finds a message again by the kernel's number", () => {
  const layout = new LogLayout(LOG, 20);
  expect([0, 8, 10, 13].map((sequence) => layout.indexOfSequence(sequence))).toEqual([0, 1, 3, 4]);
});

it("is the same when it goes on from an earlier one", () => {
  const log = Array.from({ length: 40 }, (_, index) => record(index, "word ".repeat(index % 9)));
  const before = new LogLayout(log.slice(0, 30), 20);
  for (const [from, to] of [
    [0, 40],
    [7, 40],
    [7, 20],
    [30, 40],
    [0, 0],
  ] as const) {
    const records = log.slice(from, to);
    const anew = new LogLayout(records, 20);
    const further = new LogLayout(records, 20, before);
    const firstRows = (layout: LogLayout) =>
      Array.from({ length: records.length + 1 }, (_, index) => layout.firstRowOf(index));
    expect(firstRows(further)).toEqual(firstRows(anew));
  }
  // A filter leaves out some in between, and a guest that goes back counts again.
  const others = [...log.slice(0, 10), ...log.slice(12, 25), record(25, "another one")];
  expect(new LogLayout(others, 20, before).rows).toBe(new LogLayout(others, 20).rows);
});

it("expands tabs, so that columns can be counted", () => {
  expect(new LogLayout([record(0, "a\tb")], 20).piecesOf(0)).toEqual(["a       b"]);
});

it("writes a log as dmesg does", () => {
  expect(formatTime({ seconds: 12.5 })).toBe("[   12.500000]");
  expect(logAsText(LOG.slice(1, 3)).split("\n").slice(1)).toEqual([
    "[   13.500000] one",
    "[   13.500000] ",
    "[   13.500000] three",
    "",
  ]);
});

it("looks only at the messages that are new, and at the ends of the others", () => {
  const log = Array.from({ length: 20_000 }, (_, index) =>
    record(index, `message ${index} of a flood`),
  );
  const before = new LogLayout(log, 80);
  let looks = 0;
  const later = new Proxy([...log.slice(100), record(20_000, "one more")], {
    get(records, key) {
      if (typeof key === "string" && /^\d+$/.test(key)) looks++;
      return Reflect.get(records, key);
    },
  });
  expect(new LogLayout(later, 80, before).rows).toBe(19_901);
  expect(looks).toBeLessThan(10);
});
