import { symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sourceFolder, type TestFolder } from "../test-support/source-folder.js";
import { HostFolder } from "./host-folder.js";

let folder: TestFolder;
beforeAll(async () => {
  folder = await sourceFolder({
    "a/main.c": "main",
    "a/sub/part.h": "part",
    "b/other.c": "other",
    "secret.h": "secret",
    "x.c/in-a-folder": "",
  });
  await symlink(folder.file("secret.h"), folder.file("a/link.h"));
  await symlink(folder.path, folder.file("a/up"));
  await symlink(folder.file("a/sub/part.h"), folder.file("a/near.h"));
  await symlink(folder.file("a"), folder.file("linked"));
  await symlink("/dev/zero", folder.file("a/endless.h"));
});
afterAll(() => folder[Symbol.asyncDispose]());

const text = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && new TextDecoder().decode(bytes);

test("has the files of a source's folder and below, and no others", async () => {
  const found = await HostFolder.ofSources([folder.file("a/main.c")]);
  expect(found).toMatchObject({ name: folder.file("a"), sources: ["main.c"] });
  expect(text(await found.read("main.c"))).toBe("main");
  expect(text(await found.read("sub/part.h"))).toBe("part");
  expect(text(await found.read("near.h"))).toBe("part");
  for (const outside of [
    ...["../secret.h", "link.h", "up/secret.h", "up/b/other.c", "sub/../../secret.h"],
    ...["none.h", "sub", "endless.h", "../../../../etc/passwd"],
  ]) {
    expect(await found.read(outside), outside).toBeUndefined();
  }
  expect(await found.names("")).toEqual(["main.c"]);
  expect(await found.names("sub")).toEqual(["part.h"]);
  expect(await found.names("up")).toEqual([]);
  expect(await found.names("none")).toEqual([]);
});

test("sources of several folders have what lies around them in common", async () => {
  const paths = [folder.file("a/main.c"), folder.file("b/other.c")];
  const found = await HostFolder.ofSources(paths);
  expect(found).toMatchObject({ name: folder.path, sources: ["a/main.c", "b/other.c"] });
  expect(text(await found.read("b/other.c"))).toBe("other");
  expect(text(await found.read("a/sub/part.h"))).toBe("part");
  expect(await found.read("secret.h")).toBeUndefined();
});

test("is called as it is in truth, so that debug information finds it", async () => {
  const found = await HostFolder.ofSources([folder.file("linked/main.c")]);
  expect(found.name).toBe(folder.file("a"));
  expect((await HostFolder.ofFolder(folder.file("linked"))).name).toBe(folder.file("a"));
});

test("what was named and cannot be read is told by the name that was given", async () => {
  const reasonOf = async (path: string): Promise<string> => {
    try {
      const found = await HostFolder.ofSources([path]);
      await found.read(found.sources[0] ?? "");
    } catch (error) {
      return String(error);
    }
    throw new Error(`${path} was read`);
  };
  const missing = join(folder.path, "a/../none.c");
  expect(await reasonOf("./none.c")).toContain("./none.c cannot be read: there is no such file");
  expect(await reasonOf(missing)).toContain(missing);
  expect(await reasonOf(folder.file("none/a.c"))).toContain("there is no such file");
  expect(await reasonOf(folder.file("x.c"))).toContain("it is no plain file");
  expect(await reasonOf(folder.file("a/main.c/b.c"))).toContain("is no folder");
  const large = folder.file("large.c");
  await writeFile(large, "");
  await truncate(large, 33 * 2 ** 20);
  expect(await reasonOf(large)).toContain("at most 32 MiB are read");
});
