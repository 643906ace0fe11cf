import { describe, expect, test } from "vitest";
import { DirectoryEntries, type Entry } from "./directory-entries.js";
import { NodeFactory } from "./node-factory.js";
import { Space } from "./space.js";

const volume = { space: new Space({ bytes: 0, entries: 0 }), guestMayWrite: true };
const node = new NodeFactory(() => 0).directory({ mode: 0, uid: 0, gid: 0 }, volume);

function entry(name: string): Entry {
  return { node, name, parent: null };
}

function directoryOf(count: number): DirectoryEntries {
  const entries = new DirectoryEntries(3);
  for (let i = 0; i < count; i++) entries.add(entry(`f${i}`));
  return entries;
}

describe("reading a directory while it changes", () => {
  test("each entry that stays is seen once, though others are removed in between", () => {
    const entries = directoryOf(300);
    const seen: string[] = [];
    let cookie = 0;
    for (let round = 0; ; round++) {
      const batch = [...entries.after(cookie)].slice(0, 10);
      if (batch.length === 0) break;
      for (const { entry } of batch) seen.push(entry.name);
      cookie = batch.at(-1)?.cookie ?? cookie;
      // As `rm -r` does: what was read is removed before the next read.
      if (round % 2 === 0) for (const { entry } of batch) entries.remove(entry.name);
      entries.remove(`f${299 - round}`);
    }
    const kept = seen.filter((name) => Number(name.slice(1)) < 270);
    expect(kept).toEqual(Array.from({ length: 270 }, (_, i) => `f${i}`));
    expect(new Set(seen).size).toBe(seen.length);
  });

  test("an entry added again comes last, with a cookie of its own", () => {
    const entries = directoryOf(3);
    entries.remove("f0");
    entries.add(entry("f0"));
    expect(entries.all().map(({ name }) => name)).toEqual(["f1", "f2", "f0"]);
    expect([...entries.after(5)].map(({ cookie }) => cookie)).toEqual([6]);
    expect(entries.size).toBe(3);
  });
});
