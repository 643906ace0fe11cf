import { expect, it } from "vitest";
import { readTaint } from "./taint.js";

const letters = (flags: string): string =>
  readTaint(flags)
    .map(({ letter }) => letter)
    .join("");

it("reads the letters, the words of 6.12, and nothing", () => {
  expect(letters("G        W  OE")).toBe("WOE");
  expect(letters("P    B D")).toBe("PBD");
  expect(letters("Tainted: [D]=DIE, [W]=WARN, [O]=OOT_MODULE")).toBe("DWO");
  expect(readTaint("")).toEqual([]);
});

it("has a meaning for every flag of kernel/panic.c from 4.4 to 6.12", () => {
  for (const taint of readTaint("PFSRMBUDAWCIOELKXTN")) {
    expect(taint.meaning, taint.letter).not.toMatch(/not known/);
  }
  expect(readTaint("O")[0]?.meaning).toBe("an out-of-tree module was loaded");
});
