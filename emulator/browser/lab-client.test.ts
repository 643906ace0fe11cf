/** The page's end of a worker, with the other end in the same thread. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LabError } from "../lab/index.js";
import { exposeLab } from "./expose-lab.js";
import { LabClient } from "./lab-client.js";
import type { LabHost } from "./lab-host.js";
import type { LabAssets, LabEvent, LabInfo } from "./protocol.js";
import { FakeWorker } from "./test-support/fake-worker.js";

const ASSETS: LabAssets = { images: "i", engine: "e", disassembler: "d" };
const INFO: LabInfo = {
  arch: "i686",
  kernelRelease: "6.1",
  engine: "v86",
  memoryBytes: 1,
  refusedFiles: [],
};

/** A host in the place of the real one, for what it does itself see lab-host.test.ts. */
class StubHost {
  tell: (event: LabEvent) => void = () => undefined;
  started: unknown[] = [];

  async start(
    assets: LabAssets,
    files: Readonly<Record<string, string>>,
    onEvent: (event: LabEvent) => void,
  ): Promise<LabInfo> {
    this.started = [assets, files];
    this.tell = onEvent;
    onEvent({ kind: "terminal", bytes: Uint8Array.of(1, 2, 3) });
    onEvent({ kind: "reports-reset" });
    return INFO;
  }

  async checkpoint(): Promise<never> {
    throw new LabError("guest-down", "Restore a checkpoint first.");
  }

  forgetCheckpoint(): void {
    throw new TypeError("a bug");
  }

  rescue(): Promise<number> {
    return new Promise(() => undefined);
  }

  async readFile(path: string): Promise<Uint8Array> {
    return new TextEncoder().encode(path);
  }
}

let fake: FakeWorker;
let host: StubHost;
let client: LabClient;
let events: LabEvent[];

beforeEach(() => {
  fake = new FakeWorker();
  host = new StubHost();
  client = new LabClient(fake.worker);
  events = [];
});

afterEach(() => fake.close());

function run(): void {
  exposeLab(host as unknown as LabHost, fake.inside);
}

function start(): Promise<LabInfo> {
  return client.start(ASSETS, { written: { "/a": "b" } }, (event) => events.push(event));
}

describe("LabClient", () => {
  it("starts the lab, and hears events before the answer that they came before", async () => {
    run();
    expect(await start()).toEqual(INFO);
    expect(host.started).toEqual([ASSETS, { written: { "/a": "b" } }]);
    expect(events).toEqual([
      { kind: "terminal", bytes: Uint8Array.of(1, 2, 3) },
      { kind: "reports-reset" },
    ]);
  });

  it("is answered, also by several at once", async () => {
    run();
    const read = (path: string) => client.call((lab) => lab.readFile(path));
    const answers = await Promise.all([read("one"), read("two")]);
    expect(answers.map((bytes) => new TextDecoder().decode(bytes))).toEqual(["one", "two"]);
  });

  it("hears of failures with their codes", async () => {
    run();
    await expect(client.call((lab) => lab.checkpoint("x"))).rejects.toEqual({
      code: "guest-down",
      message: "Restore a checkpoint first.",
    });
    await expect(client.call((lab) => lab.forgetCheckpoint(1))).rejects.toEqual({
      code: "unexpected",
      message: "a bug",
    });
  });

  it("fails when the worker's script does not come", async () => {
    const started = start();
    fake.fail();
    await expect(started).rejects.toMatchObject({ code: "worker-failed" });
    await expect(started).rejects.toMatchObject({
      message: expect.stringMatching(/could not be downloaded.*online/),
    });
  });

  it("fails when the worker's script throws", async () => {
    const started = start();
    fake.fail("Symbol.dispose is missing");
    await expect(started).rejects.toMatchObject({
      message: expect.stringMatching(/Symbol\.dispose is missing/),
    });
  });

  it("outlives an error in a worker that listens", async () => {
    run();
    await start();
    fake.fail("something in a timer");
    expect(await client.call((lab) => lab.readFile("x"))).toBeInstanceOf(Uint8Array);
  });

  it("fails what was asked when it is closed", async () => {
    run();
    await start();
    const rescued = client.call((lab) => lab.rescue());
    client.close();
    expect(fake.isTerminated).toBe(true);
    await expect(rescued).rejects.toMatchObject({ code: "worker-failed" });
  });
});
