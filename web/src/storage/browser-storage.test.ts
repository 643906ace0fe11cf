import { beforeEach, describe, expect, it } from "vitest";
import { BrowserStorage } from "./browser-storage.js";
import { Edits } from "./edits.js";
import { SavedValue } from "./saved-value.js";
import type { StorageProblem } from "./storage-problem.js";
import { MemoryStorage } from "./test-support/memory-storage.js";

let memory: MemoryStorage;
let problems: StorageProblem[];

beforeEach(() => {
  memory = new MemoryStorage();
  problems = [];
});

function open(area = "kspace/"): BrowserStorage {
  const report = (problem: StorageProblem): unknown => problems.push(problem);
  return new BrowserStorage(() => memory, area, report);
}

function codes(): string[] {
  return problems.map(({ code }) => code);
}

describe("what is written", () => {
  it("is there for the next visit, below its own area only", () => {
    open().write("a", "1");
    open("kspace/other/").write("b", "2");
    expect(open().read("a")).toBe("1");
    expect(open().read("b")).toBeUndefined();
    expect(open().names("")).toEqual(["a", "version"]);
    expect(problems).toEqual([]);
  });

  it("is gone when it was removed", () => {
    const storage = open();
    storage.write("a", "1");
    storage.remove("a");
    expect(storage.read("a")).toBeUndefined();
    expect(open().read("a")).toBeUndefined();
  });
});

describe("a storage that is full", () => {
  it("is told of, and the visit goes on with what was written", () => {
    const storage = open();
    storage.write("a", "old");
    memory.quota = 60;
    const long = "x".repeat(100);
    storage.write("a", long);
    expect(codes()).toEqual(["full"]);
    expect(storage.read("a")).toBe(long);
    expect(storage.names("a")).toEqual(["a"]);
    // What was kept before is better than nothing.
    expect(open().read("a")).toBe("old");
  });

  it("takes it when there is room again", () => {
    const storage = open();
    memory.quota = 30;
    storage.write("a", "x".repeat(100));
    memory.quota = 1000;
    storage.write("a", "x".repeat(100));
    expect(open().read("a")).toHaveLength(100);
  });
});

describe("a storage that is switched off", () => {
  it("is told of once, and the visit goes on", () => {
    memory.isOff = true;
    const storage = open();
    storage.write("a", "1");
    storage.write("b", "2");
    storage.remove("b");
    expect(codes()).toEqual(["blocked"]);
    expect(storage.read("a")).toBe("1");
    expect(storage.names("")).toEqual(["a"]);
  });

  it("while the page is open is told of at the next write", () => {
    const storage = open();
    storage.write("a", "1");
    memory.isOff = true;
    expect(storage.read("a")).toBeUndefined();
    storage.write("a", "2");
    expect(codes()).toEqual(["blocked"]);
    expect(storage.read("a")).toBe("2");
  });
});

describe("what a later version of the page has written", () => {
  it("is left alone", () => {
    open().write("a", "1");
    memory.entries.set("kspace/:version", "2");
    const storage = open();
    expect(codes()).toEqual(["newer"]);
    expect(storage.read("a")).toBeUndefined();
    storage.write("a", "2");
    expect(storage.read("a")).toBe("2");
    expect(memory.entries.get("kspace/:a")).toBe("1");
  });
});

describe("a saved value", () => {
  const parse = (stored: unknown): number | undefined =>
    typeof stored === "number" ? stored : undefined;
  const value = (): SavedValue<number> => new SavedValue(open(), "n", "The number", parse);

  it("comes back", () => {
    expect(value().read()).toBeUndefined();
    value().write(42);
    expect(value().read()).toBe(42);
  });

  it.each(["{broken", '"text"', ""])("that is damaged (%s) begins anew", (text) => {
    memory.entries.set("kspace/:n", text);
    expect(value().read()).toBeUndefined();
    expect(codes()).toEqual(["damaged"]);
    expect(problems[0]?.message).toMatch(/^The number could not be read/);
    expect(memory.entries.has("kspace/:n")).toBe(false);
  });
});

describe("edits", () => {
  it("are kept by path, until the file is the course's again", () => {
    const edits = new Edits(open());
    edits.keep("/home/student/a b.c", "int x;\n");
    edits.keep("/home/student/empty", "");
    edits.forget("/home/student/never");
    expect(new Edits(open()).all().written).toEqual({
      "/home/student/a b.c": "int x;\n",
      "/home/student/empty": "",
    });
    edits.forget("/home/student/a b.c");
    expect(new Edits(open()).all().written).toEqual({ "/home/student/empty": "" });
  });

  it("are kept with what is gone and with folders, each path as one of them", () => {
    const edits = new Edits(open());
    edits.keep("/home/student/a", "text");
    edits.keepRemoved("/home/student/a");
    edits.keepFolder("/home/student/b");
    edits.keepBytes("/home/student/d", { mode: 0o755, packed: "eJw=" });
    edits.keepRemoved("/home/student/c");
    edits.keep("/home/student/c", "back");
    expect(new Edits(open()).all()).toEqual({
      written: { "/home/student/c": "back" },
      bytes: { "/home/student/d": { mode: 0o755, packed: "eJw=" } },
      removed: ["/home/student/a"],
      folders: ["/home/student/b"],
    });
    for (const name of ["a", "b", "c", "d"]) edits.forget(`/home/student/${name}`);
    const nothing = { written: {}, bytes: {}, removed: [], folders: [] };
    expect(new Edits(open()).all()).toEqual(nothing);
  });

  it("that are no texts take no room from sources, and are passed over when damaged", () => {
    const edits = new Edits(open());
    const packed = "x".repeat(400_000);
    for (const name of ["a", "b", "c"])
      edits.keepBytes(`/home/student/${name}`, { mode: 1, packed });
    edits.keepBytes("/home/student/b", { mode: 2, packed });
    memory.entries.set("kspace/:bytes:/home/student/x", "damaged");
    expect(Object.keys(new Edits(open()).all().bytes ?? {})).toEqual([
      "/home/student/a",
      "/home/student/b",
    ]);
  });
});
