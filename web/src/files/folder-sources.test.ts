import { expect, it } from "vitest";
import { readSources, textOf } from "./folder-sources.js";
import { MemoryFiles } from "./test-support/memory-files.js";

const FOLDER = "/home/student/2-fops";

function lab(texts: Readonly<Record<string, string>>): MemoryFiles {
  const files = new MemoryFiles();
  for (const [path, text] of Object.entries(texts)) files.put(`${FOLDER}/${path}`, text);
  return files;
}

it("takes sources, also of folders below, and nothing that was built", async () => {
  const files = lab({
    "hello.c": "c",
    "include/ring.h": "h",
    Makefile: "make",
    "missing-unlock.patch": "patch",
    "hello.ko": "x",
    "hello.o": "x",
    "hello.mod": "x",
    "hello.mod.c": "x",
    ".hello.ko.cmd": "x",
    ".tmp_versions/hello.mod": "x",
    "Module.symvers": "x",
    "modules.order": "x",
    "a.out": "x",
    "hello-test": "\x7fELF\x01",
  });
  const { files: sources, leftOut } = await readSources(files, FOLDER);
  expect(sources.map(({ path }) => path)).toEqual([
    "Makefile",
    "hello.c",
    "include/ring.h",
    "missing-unlock.patch",
  ]);
  expect(leftOut).toEqual([]);
});

it("says what it leaves out, since its name cannot be passed on", async () => {
  const deep = "a/b/c/d/e/f.c";
  const files = lab({ "hello.c": "c", "bad\nname.c": "c", [deep]: "c", "-rf": "c" });
  const { files: sources, leftOut } = await readSources(files, FOLDER);
  expect(sources.map(({ path }) => path)).toEqual(["hello.c"]);
  expect(leftOut).toEqual(["-rf", "a/b/c/d/e/f.c", "bad\nname.c"]);
});

it("ends where a guest has made files without end", async () => {
  const many = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`${index}.c`, ""]));
  await expect(readSources(lab(many), FOLDER)).rejects.toThrow("more than 500 files");
  const loop = {
    listFiles: async () => ["again/"],
    readBytes: async () => new Uint8Array(),
  };
  expect(await readSources(loop, FOLDER)).toEqual({
    files: [],
    leftOut: ["again/again/again/again/again/again"],
  });
});

it("knows text from what is none", () => {
  const of = (...bytes: number[]) => textOf({ path: "a", bytes: Uint8Array.from(bytes) });
  expect(of(0x68, 0xc3, 0xb6, 0x0a)).toBe("hö\n");
  expect(of(0xef, 0xbb, 0xbf, 0x61)).toBe("\ufeffa");
  expect(of()).toBe("");
  expect(of(0x61, 0)).toBeUndefined();
  expect(of(0xc3, 0x28)).toBeUndefined();
});
