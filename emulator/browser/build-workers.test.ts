/** The workers of the compiler, as the lab's worker starts and ends them. */
import { beforeEach, describe, expect, it } from "vitest";
import type { BuildThreadListener, FromBuildThread } from "../toolchain/index.js";
import type { BuildWorkers, ToBuildWorker } from "./build-workers.js";
import { type FakeBuildWorker, fakeBuildWorkers } from "./test-support/fake-build-worker.js";
import { TINY_PROGRAM } from "./test-support/tiny-program.js";

const BUILD: ToBuildWorker = { type: "files", pack: "common", files: new Map() };
const ANSWER: FromBuildThread = { type: "refused", id: 1, why: "no source" };

class Heard implements BuildThreadListener {
  readonly all: unknown[] = [];
  onMessage(message: FromBuildThread): void {
    this.all.push(message);
  }
  onFailure(why: string): void {
    this.all.push(why);
  }
}

let opened: FakeBuildWorker[];
let workers: BuildWorkers;
let heard: Heard;

beforeEach(() => {
  opened = [];
  heard = new Heard();
  workers = fakeBuildWorkers(opened);
});

describe("a thread for builds", () => {
  it("is sent what a session sends, and its answers are told until it is ended", () => {
    const thread = workers.start(heard);
    const [worker] = opened;
    thread.send(BUILD);
    worker?.answer(ANSWER);
    thread.end();
    worker?.answer(ANSWER);
    worker?.fail("too late");
    expect(worker?.sent).toEqual([BUILD]);
    expect(worker?.isTerminated).toBe(true);
    expect(heard.all).toEqual([ANSWER]);
  });

  it("that ends by itself is told, with what the browser says of it or what may be wrong", () => {
    workers.start(heard);
    opened[0]?.fail("Uncaught RangeError: out of memory");
    opened[0]?.fail();
    expect(heard.all).toEqual([
      "Uncaught RangeError: out of memory",
      expect.stringContaining("check that you are online"),
    ]);
  });
});

describe("the compiler", () => {
  it("is compiled in the worker that the first build then finds started", async () => {
    const program = workers.compile();
    program.write(TINY_PROGRAM);
    program.end();
    expect(await program.program).toBeInstanceOf(WebAssembly.Module);
    workers.start(heard).send(BUILD);
    expect(opened).toHaveLength(1);
    expect(opened[0]?.sent.at(-1)).toEqual(BUILD);
    workers.start(heard);
    expect(opened).toHaveLength(2);
  });

  it("is tried again in the same worker, and in another when that one has failed", async () => {
    workers.compile().abort();
    const second = workers.compile();
    expect(opened).toHaveLength(1);
    opened[0]?.fail();
    await expect(second.program).rejects.toThrow("check that you are online");
    const third = workers.compile();
    third.write(TINY_PROGRAM);
    third.end();
    expect(await third.program).toBeInstanceOf(WebAssembly.Module);
    expect(opened).toHaveLength(2);
  });
});
