import { expect, it } from "vitest";
import { readModules, readMoreModules } from "./modules.js";

it("reads the names without their flags, and leaves out the last one unloaded", () => {
  expect(
    readModules("Modules linked in: hello(O) ext4 nf-tables snd_hda(E+) [last unloaded: bye(O)]"),
  ).toEqual(["hello", "ext4", "nf-tables", "snd_hda"]);
  expect(readModules("Modules linked in:")).toEqual([]);
  expect(readModules("Modules: none")).toBeUndefined();
});

it("goes on with a list that did not fit into one line", () => {
  expect(readMoreModules(" loop jbd2 mbcache(E)")).toEqual(["loop", "jbd2", "mbcache"]);
  expect(readMoreModules("CPU: 1 PID: 42 Comm: a.out")).toBeUndefined();
  expect(readMoreModules("loop")).toBeUndefined();
});
