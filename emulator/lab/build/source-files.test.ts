import { describe, expect, it, test } from "vitest";
import { collectSources, namedByOptions, type SourceFolder } from "./source-files.js";

function folderOf(files: Readonly<Record<string, string>>): SourceFolder {
  return {
    name: "/home/student/x",
    names: async (folder) =>
      Object.keys(files).flatMap((path) => {
        const below = folder === "" ? path : path.slice(folder.length + 1);
        return (folder === "" || path.startsWith(`${folder}/`)) && !below.includes("/")
          ? [below]
          : [];
      }),
    read: async (path) =>
      files[path] === undefined ? undefined : new TextEncoder().encode(files[path]),
  };
}

async function collected(
  files: Readonly<Record<string, string>>,
  sources: readonly string[],
  folders?: readonly string[],
): Promise<string[]> {
  return [...(await collectSources(folderOf(files), sources, folders)).keys()].sort();
}

describe("the compiler is given", () => {
  it("the sources, and what they include of the folder, near and far", async () => {
    const files = {
      "main.c": '#include <linux/module.h>\n#include "a.h"\n # include "sub/b.h"\n',
      "other.c": "",
      "a.h": "",
      "sub/b.h": '#include "c.h"\n#include "../sub2/d.inc"\n',
      "sub/c.h": "",
      "sub/unused.h": "",
      "sub2/d.inc": "",
      "notes.txt": "",
      "main.ko": "",
    };
    expect(await collected(files, ["main.c"])).toEqual([
      ...["a.h", "main.c", "sub/b.h", "sub/c.h", "sub2/d.inc"],
    ]);
  });

  it("what an option makes findable, and what is included by brackets, a question or assembly", async () => {
    const files = {
      "main.c": '#include <x.h>\n#if __has_include("y.h")\n#endif\nasm(".incbin \\"blob\\"");',
      "include/x.h": "",
      "y.h": "",
      blob: "",
      "include/unused.h": "",
    };
    expect(await collected(files, ["main.c"], ["include"])).toEqual([
      ...["blob", "include/x.h", "main.c", "y.h"],
    ]);
  });

  it("the headers beside a source, which a macro or a slip may mean", async () => {
    const files = { "sub/main.c": "#include HEADER\n", "sub/trace.h": "", "far.h": "", "a.c": "" };
    expect(await collected(files, ["sub/main.c"])).toEqual(["far.h", "sub/main.c", "sub/trace.h"]);
  });

  it("nothing from outside of the folder", async () => {
    const files = {
      "main.c": '#include "/etc/passwd"\n#include "../../x.h"\n#include "a/../../y.h"\n',
      "../../x.h": "",
      "../y.h": "",
      "/etc/passwd": "",
      "etc/passwd": "",
      "y.h": "",
    };
    expect(await collected(files, ["main.c"])).toEqual(["main.c", "y.h"]);
  });

  it("nothing for a source that is not there", async () => {
    expect(await collected({ "a.c": "" }, ["b.c", "../a.c", "/a.c"])).toEqual([]);
  });

  it("headers that include each other, once", async () => {
    const files = { "a.c": '#include "a.h"', "a.h": '#include "b.h"', "b.h": '#include "a.h"' };
    expect(await collected(files, ["a.c"])).toEqual(["a.c", "a.h", "b.h"]);
  });
});

test("too much of it is refused, and it is said how much may be", async () => {
  const files = folderOf({ "a.c": '#include "a.h"', "a.h": " ".repeat(2 * 2 ** 20) });
  await expect(collectSources(files, ["a.c"], [], { files: 1, bytes: 1e9 })).rejects.toMatchObject({
    code: "bad-request",
    message: expect.stringContaining("at most 1 files"),
  });
  await expect(
    collectSources(files, ["a.c"], [], { files: 10, bytes: 2 ** 20 }),
  ).rejects.toMatchObject({ message: expect.stringContaining("1 MiB") });
});

test("a source that includes a million files is refused before all are looked for", async () => {
  const includes = Array.from({ length: 1_000_000 }, (_, n) => `#include "${n}.h"\n`).join("");
  let looked = 0;
  const { read, ...folder } = folderOf({ "a.c": includes });
  const counting = {
    ...folder,
    read: (path: string) => {
      looked++;
      return read(path);
    },
  };
  await expect(collectSources(counting, ["a.c"])).rejects.toMatchObject({ code: "bad-request" });
  expect(looked).toBeLessThan(100_000);
});

test("options name folders and files below the folder", () => {
  const options = [
    ...["-I/home/student/x/include", "-I", "/home/student/x/a/../b", "-I/usr/include", "-Ilocal"],
    ...["-isystem/home/student/x", "-include", "/home/student/x/config.h", "-DX=-Iy"],
  ];
  expect(namedByOptions(options, "/home/student/x", "/usr/src/linux")).toEqual({
    folders: ["include", "b", ""],
    files: ["config.h"],
  });
  expect(namedByOptions(["-Ilocal"], "/home/student/x", "/home/student/x").folders).toEqual([
    "local",
  ]);
});
