import { beforeEach, describe, expect, it } from "vitest";
import type { BuildFetch, LabBuild, LabBuildOptions } from "../lab/build/build.js";
import { type Lab, LabError } from "../lab/index.js";
import { Emitter } from "../machine/emitter.js";
import { BrowserError } from "./failure.js";
import { PageBuilds } from "./page-builds.js";
import type { BuildFetchEvent, WhatToBuild } from "./protocol.js";

const MODULE: WhatToBuild = { module: "hello" };
const BUILT: LabBuild = {
  outcome: "built",
  path: "/home/student/hello.ko",
  bytes: new Uint8Array(),
  output: "",
  diagnostics: [],
};

/** A lab that builds when the test says so. */
class StubLab {
  readonly asked: { what: WhatToBuild; options: LabBuildOptions; finish: () => void }[] = [];
  readonly fetched: string[] = [];
  readonly fetches = new Emitter<BuildFetch>();
  readonly builds = {
    onFetch: this.fetches.on,
    fetch: async (part: string) => void this.fetched.push(part),
  };

  build(what: WhatToBuild, options: LabBuildOptions): Promise<LabBuild> {
    return new Promise((resolve, reject) => {
      options.signal?.addEventListener("abort", () => reject(new Error("aborted")));
      this.asked.push({ what, options, finish: () => resolve(BUILT) });
    });
  }
}

let lab: StubLab;
let told: BuildFetchEvent[];
let builds: PageBuilds;

beforeEach(() => {
  lab = new StubLab();
  told = [];
  builds = new PageBuilds(lab as unknown as Lab, (fetch) => told.push(fetch));
});

describe("a build", () => {
  it("is the lab's, with colours where they are wanted", async () => {
    const build = builds.build(MODULE, { colours: true });
    lab.asked[0]?.finish();
    expect(await build).toBe(BUILT);
    expect(lab.asked[0]).toMatchObject({ what: MODULE, options: { colours: true } });
  });

  it("is cancelled, and with it no later one", async () => {
    builds.cancel();
    const first = builds.build(MODULE);
    builds.cancel();
    await expect(first).rejects.toThrow("aborted");
    const second = builds.build(MODULE);
    lab.asked[1]?.finish();
    expect(await second).toBe(BUILT);
  });

  it("that a newer one has replaced does not keep that one from being cancelled", async () => {
    const first = builds.build(MODULE);
    const second = builds.build(MODULE);
    lab.asked[0]?.finish();
    await first;
    builds.cancel();
    await expect(second).rejects.toThrow("aborted");
  });

  it("ends with the lab", async () => {
    const build = builds.build(MODULE);
    builds[Symbol.dispose]();
    await expect(build).rejects.toThrow("aborted");
    lab.fetches.emit({ state: "fetched", part: "headers", totalBytes: 1 });
    expect(told).toEqual([]);
  });
});

describe("what builds need", () => {
  it("is fetched ahead", async () => {
    await builds.prepare();
    expect(lab.fetched).toEqual(["compiler", "headers", "library"]);
  });

  it("is told as it comes, and what fails in the words of the page", () => {
    const cause = new BrowserError("download-failed", "Check that you are online.");
    const error = new LabError("image-missing", "Install kspace again.", { cause });
    lab.fetches.emit({ state: "fetching", part: "compiler", loadedBytes: 1, totalBytes: 2 });
    lab.fetches.emit({ state: "failed", part: "compiler", error });
    expect(structuredClone(told)).toEqual([
      { state: "fetching", part: "compiler", loadedBytes: 1, totalBytes: 2 },
      {
        state: "failed",
        part: "compiler",
        failure: { code: "download-failed", message: "Check that you are online." },
      },
    ]);
  });
});
