import { expect, test } from "vitest";
import { nearNames } from "./near-names.js";

const symbols = ["kmalloc", "kfree", "misc_register", "misc_deregister", "_printk", "mutex_lock"];

test.each([
  ["kmaloc", ["kmalloc"]], // one missing
  ["kffree", ["kfree"]], // one too many
  ["kfere", ["kfree"]], // two in each other's place
  ["misc_registre", ["misc_register"]], // misc_deregister would take two slips more
  ["misc_eregister", ["misc_deregister", "misc_register"]],
  ["printk", ["_printk"]],
  ["mutex_lokc", ["mutex_lock"]],
  ["kmalloc", []], // it is there
  ["schedule", []],
  ["", []],
])("who wrote %j may have meant %j", (written, meant) => {
  expect(nearNames(written, symbols)).toEqual(meant);
});

test("names at most three, the nearest first", () => {
  expect(nearNames("abcdef", ["abcdxx", "abcdeg", "abcdeh", "abcdei", "abcdej"])).toEqual([
    "abcdeg",
    "abcdeh",
    "abcdei",
  ]);
});
