import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HostSources } from "./host-sources.js";

let folder: string;
let sources: HostSources;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kspace-sources-"));
  await mkdir(join(folder, "built"));
  await mkdir(join(folder, "moved"));
  await writeFile(join(folder, "built/hello.c"), "built\n");
  await writeFile(join(folder, "moved/other.c"), "moved\n");
  await writeFile(join(folder, "moved/secret"), "secret\n");
  await symlink("/dev/zero", join(folder, "moved/endless.c"));
  sources = new HostSources([join(folder, "moved/hello.ko")]);
});
afterAll(() => rm(folder, { recursive: true }));

describe("sources on the host", () => {
  it("are read where they were built", async () => {
    expect(await sources.read(join(folder, "built/hello.c"))).toBe("built\n");
  });

  it("are read beside the module, where it was moved", async () => {
    expect(await sources.read("/home/student/other.c")).toBe("moved\n");
    expect(await sources.read("/home/student/none.c")).toBeUndefined();
  });

  it("are sources, whatever a module or a log calls so", async () => {
    expect(await sources.read(join(folder, "moved/secret"))).toBeUndefined();
    expect(await sources.read("/etc/passwd")).toBeUndefined();
    expect(await sources.read(join(folder, "moved/endless.c"))).toBeUndefined();
    expect(await sources.read(folder)).toBeUndefined();
  });
});
