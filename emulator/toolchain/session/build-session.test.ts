import { expect, test } from "vitest";
import type { FilePack } from "../file-packs.js";
import type { ModuleBuild, ModuleSources } from "../kbuild/module-builder.js";
import type { ProgramBuild } from "../program-builder.js";
import { type BuildParts, BuildSession } from "./build-session.js";
import type { BuildAnswer, BuildPrograms, BuildThreadListener, ToBuildThread } from "./protocol.js";

/** The smallest WebAssembly module: its magic and its version (Core Specification, 5.5.16). */
const nothing = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
const programs = { kcc: nothing, modpost: nothing };
const recipe = { tree: "/t", compile: [], modpost: [], merge: [], link: [] };
const pack = (name: string): FilePack => ({
  name,
  archive: name,
  bytes: 1,
  files: [`${name}.h`],
});
const module: ModuleSources = {
  name: "hello",
  folder: "/home/student",
  sources: ["hello.c"],
  files: new Map([["hello.c", new Uint8Array()]]),
};
const built: ModuleBuild = {
  outcome: "built",
  module: new Uint8Array(1),
  exports: "",
  output: "",
  diagnostics: [],
};

/** Threads that answer when the test says so. */
class Threads {
  readonly started: { sent: ToBuildThread[]; listener: BuildThreadListener; ended: boolean }[] = [];

  readonly start = (listener: BuildThreadListener) => {
    const thread = { sent: [] as ToBuildThread[], listener, ended: false };
    this.started.push(thread);
    return {
      send: (message: ToBuildThread) => void thread.sent.push(message),
      end: () => {
        thread.ended = true;
      },
    };
  };

  /** What a thread was sent, in short. */
  sent(index: number): string[] {
    return (this.started[index]?.sent ?? []).map((message) =>
      message.type === "files" ? `files ${message.pack}` : message.type,
    );
  }

  /** Waits until a thread has so many messages, and answers the build that came last. */
  async answer(index: number, count: number, build: BuildAnswer): Promise<void> {
    await expect.poll(() => this.sent(index).length).toBe(count);
    const last = this.started[index]?.sent.at(-1);
    if (last?.type !== "build") throw new Error("the last message is no build");
    this.started[index]?.listener.onMessage({ type: "built", id: last.id, build });
  }
}

function session(overrides: Partial<BuildParts> = {}) {
  const threads = new Threads();
  const fetched: string[] = [];
  const late: (() => void)[] = [];
  const parts: BuildParts = {
    recipes: {
      module: recipe,
      headers: [pack("common"), pack("others")],
      program: [],
      library: [pack("libc")],
    },
    programs: async () => {
      fetched.push("programs");
      return programs;
    },
    files: async ({ name }) => {
      fetched.push(name);
      return new Map([[`${name}.h`, new Uint8Array()]]);
    },
    ...overrides,
  };
  const after = (_ms: number, callback: () => void) => {
    late.push(callback);
    return () => undefined;
  };
  const builds = new BuildSession(parts, threads.start, { timeLimitMs: 5000, after });
  return { builds, threads, fetched, late };
}

test("fetches what a build needs, once, and rare headers when they are asked for", async () => {
  const { builds, threads, fetched } = session();
  const first = builds.buildModule(module);
  await threads.answer(0, 3, { outcome: "files-wanted", packs: ["others"] });
  await threads.answer(0, 5, built);
  expect(await first).toBe(built);
  expect(threads.sent(0)).toEqual(["open", "files common", "build", "files others", "build"]);
  const second = builds.buildModule(module);
  await threads.answer(0, 6, built);
  await second;
  expect(fetched.sort()).toEqual(["common", "others", "programs"]);
});

test("a newer build takes the place of the one that runs", async () => {
  const { builds, threads } = session();
  const first = builds.buildModule(module);
  const failed = expect(first).rejects.toMatchObject({ code: "superseded" });
  await expect.poll(() => threads.sent(0).length).toBe(3);
  const second = builds.buildModule({ ...module, name: "other" });
  await failed;
  expect(threads.started[0]?.ended).toBe(true);
  await threads.answer(1, 3, built);
  expect(await second).toBe(built);
});

test("a build that is cancelled ends its thread, and the next one has another", async () => {
  const { builds, threads } = session();
  const controller = new AbortController();
  const first = builds.buildModule(module, controller.signal);
  const failed = expect(first).rejects.toMatchObject({ code: "aborted" });
  await expect.poll(() => threads.sent(0).length).toBe(3);
  controller.abort();
  await failed;
  expect(threads.started[0]?.ended).toBe(true);
  const second = builds.buildModule(module);
  await threads.answer(1, 3, built);
  expect(await second).toBe(built);
  await expect(builds.buildModule(module, AbortSignal.abort())).rejects.toMatchObject({
    code: "aborted",
  });
});

test("a build that takes too long is ended", async () => {
  const { builds, threads, late } = session();
  const build = builds.buildModule(module);
  await expect.poll(() => threads.sent(0).length).toBe(3);
  late[0]?.();
  expect(await build).toEqual({ outcome: "timed-out", afterMs: 5000 });
  expect(threads.started[0]?.ended).toBe(true);
});

test("a thread that dies is replaced", async () => {
  const { builds, threads } = session();
  const build = builds.buildModule(module);
  const failed = expect(build).rejects.toThrow("The compiler failed: no memory");
  await expect.poll(() => threads.sent(0).length).toBe(3);
  threads.started[0]?.listener.onFailure("no memory");
  await failed;
  const second = builds.buildModule(module);
  await threads.answer(1, 3, built);
  expect(await second).toBe(built);
});

test("what could not be fetched is asked for again by the next build", async () => {
  let online = false;
  const { builds, threads } = session({
    programs: async () => {
      if (online) return programs;
      throw new Error("the network is gone");
    },
  });
  await expect(builds.buildModule(module)).rejects.toThrow("the network is gone");
  online = true;
  const second = builds.buildModule(module);
  await threads.answer(0, 3, built);
  expect(await second).toBe(built);
});

test("cancelling a build does not stop the download that the next one needs", async () => {
  let arrive = (_programs: BuildPrograms): void => undefined;
  let asked = 0;
  const { builds, threads } = session({
    programs: () => {
      asked++;
      return new Promise((resolve) => {
        arrive = resolve;
      });
    },
  });
  const controller = new AbortController();
  const first = builds.buildModule(module, controller.signal);
  controller.abort();
  await expect(first).rejects.toMatchObject({ code: "aborted" });
  const second = builds.buildModule(module);
  arrive(programs);
  await threads.answer(0, 3, built);
  expect(await second).toBe(built);
  expect(asked).toBe(1);
});

test("closing ends everything", async () => {
  const { builds, threads } = session();
  const build = builds.buildModule(module);
  const failed = expect(build).rejects.toThrow("The compiler was closed.");
  await expect.poll(() => threads.sent(0).length).toBe(3);
  builds.dispose();
  await failed;
  expect(threads.started[0]?.ended).toBe(true);
});

test("what cannot be built is refused before anything is fetched", async () => {
  const { builds, fetched } = session();
  const missing = { ...module, sources: ["other.c"] };
  await expect(builds.buildModule(missing)).rejects.toMatchObject({
    code: "bad-request",
    message: "There is no file other.c in /home/student.",
  });
  const versioned = new TextEncoder().encode('MODULE_VERSION("1.0");\n');
  const files = new Map([["hello.c", versioned]]);
  await expect(
    builds.buildModule({ ...module, folder: "/home/my files", files }),
  ).rejects.toMatchObject({
    code: "bad-request",
    message: expect.stringContaining('"/home/my files"'),
  });
  expect(fetched).toEqual([]);
});

test("a program needs the C library, and no header of the kernel", async () => {
  const { builds, threads, fetched } = session();
  const sources = { folder: "/home/student", sources: ["hello-test.c"], files: module.files };
  const build = builds.buildProgram(sources);
  const program: ProgramBuild = {
    outcome: "built",
    program: new Uint8Array(2),
    output: "",
    diagnostics: [],
  };
  await threads.answer(0, 3, program);
  expect(await build).toBe(program);
  expect(fetched.sort()).toEqual(["libc", "programs"]);
});
