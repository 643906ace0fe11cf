import { expect, it } from "vitest";
import { pathOfPublished, publishedName } from "./published-name.js";

it.each([
  ["i686/kallsyms.gz", "i686/kallsyms.gz.bin"],
  ["i686/packs/gdb.tar.gz", "i686/packs/gdb.tar.gz.bin"],
  ["i686/snapshot.bin", "i686/snapshot.bin"],
  ["manifest.json", "manifest.json"],
])("%s is published as %s", (path, name) => {
  expect(publishedName(path)).toBe(name);
  expect(pathOfPublished(name)).toBe(path);
});
