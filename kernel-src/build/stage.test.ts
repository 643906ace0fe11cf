import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Package } from "./packages.js";
import { fingerprint, planStages, type Stage } from "./stage.js";
import { stages } from "./stages/index.js";

function stage(name: string, rest: Partial<Stage> = {}): Stage {
  const nothing = { needs: [], packages: [], inputs: [], outputs: [] };
  return { name, title: name, ...nothing, build: async () => undefined, ...rest };
}

describe("the plan", () => {
  const some = [
    stage("course", { needs: ["kernel", "sysroot"] }),
    stage("kernel", { needs: ["tree"] }),
    stage("sysroot", { needs: ["tree"] }),
    stage("tree"),
    stage("bios"),
  ];
  const plan = (...wanted: string[]): string[] => planStages(some, wanted).map(({ name }) => name);

  test("has what a stage needs before it, once", () => {
    expect(plan("course")).toEqual(["tree", "kernel", "sysroot", "course"]);
    expect(plan("sysroot", "course")).toEqual(["tree", "sysroot", "kernel", "course"]);
  });

  test("knows every stage that another needs", () => {
    const names = stages.map(({ name }) => name);
    expect(planStages(stages, names)).toHaveLength(stages.length);
  });

  test("refuses a name that no stage has", () => {
    expect(() => plan("kernal")).toThrow('There is no stage "kernal".');
  });
});

describe("the fingerprint", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kspace-stage-"));
    await mkdir(join(folder, "init"));
    await writeFile(join(folder, "init/init.c"), "int main;");
  });
  afterEach(() => rm(folder, { recursive: true }));

  const packages = (version: string): Package[] => [
    { name: "musl-dev", version, architecture: "i386", use: "fetch" },
  ];
  const one = stage("one", { inputs: ["init"], packages: ["musl-dev"] });
  const print = (version = "1", needed = ["a"]): Promise<string> =>
    fingerprint(one, folder, packages(version), needed);

  test("is the same for the same inputs", async () => {
    expect(await print()).toBe(await print());
  });

  test("changes with a file, a package's version, and what another stage made", async () => {
    const before = await print();
    expect(await print("2")).not.toBe(before);
    expect(await print("1", ["b"])).not.toBe(before);
    await writeFile(join(folder, "init/init.c"), "int main; ");
    const changed = await print();
    expect(changed).not.toBe(before);
    await writeFile(join(folder, "init/more.c"), "");
    expect(await print()).not.toBe(changed);
  });
});
