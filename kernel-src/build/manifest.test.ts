import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { formatManifest, makeManifest, writeManifest } from "./manifest.js";

const seabios = {
  name: "seabios",
  version: "1.16.2-1",
  architecture: "all",
  use: "fetch",
  source: { name: "seabios-source", version: "1.16.2" },
};
const linux = { ...seabios, name: "linux-source-6.1", version: "6.1.192-2" };
const clang = { name: "clang-16", version: "1:16", architecture: "amd64", use: "install" };
const facts = { arch: "i686", release: "6.1-x", vermagic: "6.1-x SMP " };

let root = "";
const write = async (path: string, content: string): Promise<void> => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
};
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "kspace-manifest-"));
  await write("kernel-src/packages.json", JSON.stringify({ packages: [seabios, linux, clang] }));
  await write("package.json", JSON.stringify({ dependencies: { v86: "0.5.462" } }));
  await write("images/i686/kernel.json", JSON.stringify(facts));
  await write("images/bios/bios.bin", "abc");
  await write("images/README.md", "about the images");
  await write("images/licenses/GPL-2.txt", "a licence");
});
afterEach(() => rm(root, { recursive: true }));

test("describes each image, and nothing that is only about them", async () => {
  const { files, ...rest } = await makeManifest(root, []);
  expect(rest).toEqual({
    kernel: facts,
    engine: { name: "v86", version: "0.5.462" },
    builtWith: [{ package: "clang-16", version: "1:16" }],
  });
  expect(files.map(({ path }) => path)).toEqual(["bios/bios.bin", "i686/kernel.json"]);
  expect(files[0]).toMatchObject({
    bytes: 3,
    // FIPS 180-4, appendix B.1: SHA-256 of "abc".
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    packages: [
      {
        package: "seabios",
        version: "1.16.2-1",
        source: "seabios-source",
        sourceVersion: "1.16.2",
      },
    ],
  });
});

test("refuses a file that nobody described", async () => {
  await write("images/i686/surprise.bin", "?");
  await expect(makeManifest(root, [])).rejects.toThrow(
    "images/i686/surprise.bin is described nowhere",
  );
});

test("says of a file that was not built what it said before", async () => {
  const versions = async (): Promise<unknown> => {
    const { files } = JSON.parse(await readFile(join(root, "images/manifest.json"), "utf8"));
    return files.map((file: { packages: { version: string }[] }) => file.packages[0]?.version);
  };
  await write("images/manifest.json", formatManifest(await makeManifest(root, [])));
  const newer = [seabios, linux].map((one) => ({ ...one, version: "99" }));
  await write("kernel-src/packages.json", JSON.stringify({ packages: [...newer, clang] }));
  await writeManifest(root, [], ["i686/kernel.json"]);
  expect(await versions()).toEqual(["1.16.2-1", "99"]);
  await write("images/bios/bios.bin", "a changed file is of the versions of now");
  await writeManifest(root, [], []);
  expect(await versions()).toEqual(["99", "99"]);
});
