import { expect, it } from "vitest";
import type { KernelLogLevel, KernelRecord } from "../../../emulator/console/kernel-log.js";
import { EVERYTHING, filterLog } from "./log-filter.js";

function record(sequence: number, level: KernelLogLevel, text: string): KernelRecord {
  return {
    sequence,
    level,
    text,
    facility: 0,
    microseconds: 0,
    seconds: 0,
    continuation: false,
    dictionary: {},
    missing: 0,
  };
}

const LOG = [
  record(0, 6, "hello: loaded"),
  record(1, 4, "BUG: something"),
  record(2, 0, "Kernel panic - not syncing"),
];

it("finds text in either case, and leaves blanks around it out", () => {
  expect(filterLog(LOG, { text: " bug", level: 7 })).toEqual([LOG[1]]);
  expect(filterLog(LOG, { text: "HELLO:", level: 7 })).toEqual([LOG[0]]);
});

it("takes signs for themselves", () => {
  expect(filterLog(LOG, { text: "ello.", level: 7 })).toEqual([]);
  expect(filterLog(LOG, { text: "- not", level: 7 })).toEqual([LOG[2]]);
});

it("shows a level and what is worse", () => {
  expect(filterLog(LOG, { text: "", level: 4 })).toEqual([LOG[1], LOG[2]]);
  expect(filterLog(LOG, { text: "", level: 3 })).toEqual([LOG[2]]);
});

it("does no work when everything is wanted", () => {
  expect(filterLog(LOG, EVERYTHING)).toBe(LOG);
});
