import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { type ImageSource, Images, nodeImageSource } from "../../node/index.js";
import type { BuildFetch } from "./build.js";
import { Builds } from "./builds.js";

const real = nodeImageSource();
const COMPILER = "toolchain/kcc.wasm.xz";
/** `printf '\0asm\1\0\0\0' | xz -9`, version 5.4.1: the smallest WebAssembly module. */
const tinyProgram = Buffer.from(
  "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jMAQAHAGFzbQEAAAAACdWQwO1V/lUAASAIuxnZux+2830BAAAAAARZWg==",
  "base64",
);

interface Manifest {
  files: { path: string; bytes: number; sha256: string }[];
}

/** The real images, but for a compiler that does nothing; all that is read is noted. */
function images(
  overrides: Partial<ImageSource> = {},
): Promise<Images> & { readonly read: string[] } {
  const read: string[] = [];
  const source: ImageSource = {
    ...real,
    readImage: async (path, signal, onBytes) => {
      signal?.throwIfAborted();
      read.push(path);
      if (path === "manifest.json") {
        const manifest: Manifest = JSON.parse(String(await real.readImage(path)));
        const files = manifest.files.filter((file) => file.path !== COMPILER);
        const sha256 = createHash("sha256").update(tinyProgram).digest("hex");
        files.push({ path: COMPILER, bytes: tinyProgram.length, sha256 });
        return Buffer.from(JSON.stringify({ files }));
      }
      if (path !== COMPILER) return real.readImage(path, signal, onBytes);
      onBytes?.(10);
      onBytes?.(tinyProgram.length);
      return tinyProgram;
    },
    ...overrides,
  };
  return Object.assign(Images.open(source), { read });
}

function watched(builds: Builds): BuildFetch[] {
  const fetches: BuildFetch[] = [];
  builds.onFetch((fetch) => fetches.push(fetch));
  return fetches;
}

test("reads how the kernel is built for, and no more, until something is built", async () => {
  const opened = images();
  using builds = new Builds(await opened, "i686");
  const fetches = watched(builds);
  const { module, headers, program, library } = await builds.recipes();
  await builds.session();
  expect(module.tree).toBe("/usr/src/linux-source-6.1");
  expect(module.compile).toContain("-m32");
  expect(headers.map(({ name }) => name)).toContain("common");
  expect(program).toContain("-static");
  expect(library.length).toBeGreaterThan(0);
  expect(opened.read.sort()).toEqual([
    ...["i686/cc.json", "i686/headers.json.gz", "i686/kbuild.json", "i686/library.json.gz"],
    "manifest.json",
  ]);
  expect(fetches).toEqual([]);
});

test("of a kernel that the images do not have, nothing is built", async () => {
  using builds = new Builds(await images(), "x86_64");
  await expect(builds.session()).rejects.toMatchObject({
    code: "image-missing",
    message: expect.stringContaining("x86_64/"),
  });
});

test("tells how far the compiler is, once for all who want it", async () => {
  const opened = images();
  using builds = new Builds(await opened, "i686");
  const fetches = watched(builds);
  await Promise.all([builds.fetch("compiler"), builds.fetch("compiler")]);
  await builds.fetch("compiler");
  expect(opened.read.filter((path) => path === COMPILER)).toHaveLength(1);
  const totalBytes = tinyProgram.length + (await opened).size("i686/modpost.wasm.gz");
  const part = "compiler";
  expect(fetches.at(0)).toEqual({ state: "fetching", part, loadedBytes: 0, totalBytes });
  expect(fetches.at(-2)).toEqual({ state: "fetching", part, loadedBytes: totalBytes, totalBytes });
  expect(fetches.at(-1)).toEqual({ state: "fetched", part, totalBytes });
  const loaded = fetches.flatMap((fetch) => ("loadedBytes" in fetch ? fetch.loadedBytes : []));
  expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
});

test("fetches the headers and the library that every build needs", async () => {
  const opened = images();
  using builds = new Builds(await opened, "i686");
  const fetches = watched(builds);
  await builds.fetch("headers");
  await builds.fetch("library");
  expect(opened.read.filter((path) => path.endsWith(".tar.gz"))).toEqual([
    "i686/headers/common.tar.gz",
    "i686/library/libc.tar.gz",
  ]);
  expect(fetches.filter(({ state }) => state === "fetched").map(({ part }) => part)).toEqual([
    "headers",
    "library",
  ]);
});

test("what could not be fetched is told, and fetched by the next who wants it", async () => {
  let online = false;
  const opened = await images();
  const { readImage } = opened.source;
  const source: ImageSource = {
    ...opened.source,
    readImage: (path, ...more) =>
      online || path !== COMPILER
        ? readImage(path, ...more)
        : Promise.reject(new Error("the network is gone")),
  };
  using builds = new Builds(await Images.open(source), "i686");
  const fetches = watched(builds);
  const error = { code: "image-missing", message: expect.stringContaining("the network is gone") };
  await expect(builds.fetch("compiler")).rejects.toMatchObject(error);
  expect(fetches.at(-1)).toMatchObject({ state: "failed", part: "compiler", error });
  online = true;
  await builds.fetch("compiler");
  expect(fetches.at(-1)).toMatchObject({ state: "fetched" });
});

test("a compiler that the host cannot compile is told in words", async () => {
  const noProgram = Buffer.from("no xz");
  const opened = await images();
  const source: ImageSource = {
    ...opened.source,
    readImage: async (path, ...more) =>
      path === COMPILER ? noProgram : opened.source.readImage(path, ...more),
    sha256: async (bytes) => opened.source.sha256(bytes === noProgram ? tinyProgram : bytes),
  };
  using builds = new Builds(await Images.open(source), "i686");
  await expect(builds.fetch("compiler")).rejects.toMatchObject({
    code: "not-available",
    message: expect.stringContaining("memory"),
  });
});

test("closing ends what is fetched, and nothing is built any more", async () => {
  const builds = new Builds(await images(), "i686");
  const session = await builds.session();
  builds[Symbol.dispose]();
  await expect(builds.fetch("compiler")).rejects.toMatchObject({ code: "aborted" });
  const sources = { folder: "/home/student", sources: ["a.c"], files: new Map() };
  await expect(session.buildProgram(sources)).rejects.toMatchObject({ code: "aborted" });
});
