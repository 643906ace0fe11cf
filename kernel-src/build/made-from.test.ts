import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { whatChangedSince } from "./made-from.js";
import { formatManifest, makeManifest, writeManifest } from "./manifest.js";
import type { Package } from "./packages.js";
import type { Stage } from "./stage.js";

const compiler: Package = { name: "gcc", version: "12", architecture: "amd64", use: "install" };
const seabios: Package = {
  name: "seabios",
  version: "1.16.2-1",
  architecture: "all",
  use: "fetch",
  source: { name: "seabios", version: "1.16.2-1" },
};
const linux: Package = { ...seabios, name: "linux-source-6.1" };
const slow: Stage = {
  name: "slow",
  title: "Slow",
  needs: [],
  packages: ["gcc"],
  inputs: ["slow"],
  outputs: ["bios/bios.bin"],
  onDemand: { command: "make slow" },
  build: async () => undefined,
};

let root = "";
const write = async (path: string, content: string): Promise<void> => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
};
const packages = (...all: Package[]): Promise<void> =>
  write("kernel-src/packages.json", JSON.stringify({ packages: all }));
const manifest = async (): Promise<string> => formatManifest(await makeManifest(root, [slow]));

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "kspace-made-from-"));
  await packages(compiler, seabios, linux);
  await write("package.json", JSON.stringify({ dependencies: { v86: "0.5.462" } }));
  await write("images/i686/kernel.json", "{}");
  await write("images/bios/bios.bin", "made");
  await write("kernel-src/slow/a.c", "abc");
  await write("kernel-src/slow/b.c", "");
});
afterEach(() => rm(root, { recursive: true }));

test("the manifest says what a slow stage's output was made from", async () => {
  const { files } = await makeManifest(root, [slow]);
  expect(files.map(({ madeFrom }) => madeFrom)).toEqual([
    {
      command: "make slow",
      packages: [{ package: "gcc", version: "12" }],
      inputs: [
        {
          path: "kernel-src/slow/a.c",
          // FIPS 180-4, appendix B.1: SHA-256 of "abc".
          sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        },
        {
          path: "kernel-src/slow/b.c",
          // The well-known SHA-256 of nothing.
          sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        },
      ],
    },
    undefined,
  ]);
});

test("an output belongs to its sources as long as none of them changes", async () => {
  const recorded = await manifest();
  expect(await whatChangedSince(recorded, root, slow, [compiler])).toEqual([]);
  await write("kernel-src/slow/a.c", "changed");
  await write("kernel-src/slow/c.c", "new");
  await rm(join(root, "kernel-src/slow/b.c"));
  const newer = { ...compiler, version: "13" };
  expect((await whatChangedSince(recorded, root, slow, [newer])).sort()).toEqual([
    "kernel-src/slow/a.c is not what it was made from",
    "kernel-src/slow/b.c is not what it was made from",
    "kernel-src/slow/c.c is not what it was made from",
    "package gcc is not what it was made from",
    "to make it anew: make slow",
  ]);
});

test("a manifest that does not have the output is no excuse", async () => {
  for (const text of ["", "{}", '{"files":[{"path":"bios/bios.bin","madeFrom":{}}]}']) {
    expect(await whatChangedSince(text, root, slow, [compiler])).toEqual([
      "it is not in the manifest",
      "to make it anew: make slow",
    ]);
  }
});

test("building others leaves what the output was made from as it was", async () => {
  await write("images/manifest.json", await manifest());
  await write("kernel-src/slow/a.c", "changed");
  const changes = async (): Promise<string[]> => {
    const text = await readFile(join(root, "images/manifest.json"), "utf8");
    return whatChangedSince(text, root, slow, [compiler]);
  };
  await writeManifest(root, [slow], ["i686/kernel.json"]);
  expect(await changes()).toContain("kernel-src/slow/a.c is not what it was made from");
  await writeManifest(root, [slow], ["bios/bios.bin"]);
  expect(await changes()).toEqual([]);
});
