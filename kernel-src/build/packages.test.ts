import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { imageFiles } from "./image-files.js";
import { aptArgument, findPackage, missingHostPackages, parsePackages } from "./packages.js";
import { stages } from "./stages/index.js";

const clang = { name: "clang-16", version: "1:16.0.6-15", architecture: "amd64", use: "install" };
const make = { name: "make", version: "4.3-4.1", architecture: "amd64", use: "tool" };
const busybox = { name: "busybox", version: "1:1.35.0-4", architecture: "source", use: "fetch" };
const packages = parsePackages(JSON.stringify({ packages: [clang, make, busybox] }));

describe("packages.json", () => {
  const text = readFileSync(new URL("../packages.json", import.meta.url), "utf8");
  const real = parsePackages(text);

  test("has every package that a stage or an image names", () => {
    const names = [...stages, ...imageFiles].flatMap((one) => one.packages);
    for (const name of names) expect(findPackage(real, name).name).toBe(name);
  });

  test("names source and licence of all that gets into an image", () => {
    for (const name of imageFiles.flatMap((file) => file.packages)) {
      expect(findPackage(real, name)).toMatchObject({
        source: { name: expect.any(String), version: expect.any(String) },
        licence: expect.any(String),
      });
    }
  });

  test("has the versions for which images/README.md offers the source", () => {
    const readme = readFileSync(new URL("../../images/README.md", import.meta.url), "utf8");
    for (const { source } of real) {
      if (source !== undefined) {
        expect(readme).toContain(`apt-get source ${source.name}=${source.version}`);
      }
    }
  });

  test("names no host", () => {
    expect(text).not.toMatch(/https?:|\.(org|com|net)\b/);
  });
});

test.each([
  ["no JSON", "{", "not JSON"],
  ["no list", "{}", 'no list "packages"'],
  ["an incomplete entry", '{"packages":[{"name":"make"}]}', "entry 1 is incomplete"],
  ["an unknown use", JSON.stringify({ packages: [{ ...make, use: "x" }] }), "entry 1"],
  ["a name twice", JSON.stringify({ packages: [make, make] }), '"make" is there twice'],
])("refuses %s", (_, text, message) => {
  expect(() => parsePackages(text)).toThrow(message);
});

describe("missing host packages", () => {
  const missing = (dpkg: string): string[] =>
    missingHostPackages(packages, dpkg).map(({ name }) => name);

  test("are those that are not installed", () => {
    expect(missing("clang-16 1:16.0.6-15 ii \n")).toEqual(["make"]);
    expect(missing("clang-16 1:16.0.6-15 ii \nmake 4.3-4.1 rc \n")).toEqual(["make"]);
  });

  test("are compilers of another version, but not tools of another version", () => {
    expect(missing("clang-16 1:16.0.6-14 ii \nmake 4.4-1 ii \n")).toEqual(["clang-16"]);
  });

  test("are installed in the pinned version where that matters", () => {
    expect(packages.map(aptArgument)).toEqual([
      "clang-16=1:16.0.6-15",
      "make",
      "busybox=1:1.35.0-4",
    ]);
  });
});
