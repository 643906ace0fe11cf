/** What a person does on the page, with a worker's other end in the same thread. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exposeLab } from "../../emulator/browser/expose-lab.js";
import { LabClient } from "../../emulator/browser/lab-client.js";
import type { LabHost } from "../../emulator/browser/lab-host.js";
import type {
  LabAssets,
  LabEvent,
  LabInfo,
  UserChange,
  UserFiles,
  WhatToBuild,
} from "../../emulator/browser/protocol.js";
import { FakeWorker } from "../../emulator/browser/test-support/fake-worker.js";
import type { LabBuild } from "../../emulator/lab/build/build.js";
import { LabError } from "../../emulator/lab/index.js";
import { LabActionError, type TerminalEvent } from "./lab-actions.js";
import { LabPageActions } from "./lab-page-actions.js";
import { LabStore } from "./lab-store.js";
import { BrowserStorage } from "./storage/browser-storage.js";
import { Edits } from "./storage/edits.js";
import { MemoryStorage } from "./storage/test-support/memory-storage.js";

const ASSETS: LabAssets = { images: "i", engine: "e", disassembler: "d" };
const FILE = "/home/student/1-load/hello.c";
const MODULE: WhatToBuild = { module: "hello", folder: "/home/student/1-load" };
const BUILT: LabBuild = {
  outcome: "built",
  path: "/home/student/1-load/hello.ko",
  bytes: new Uint8Array(),
  output: "",
  diagnostics: [],
};

/** A worker's host that notes what it is asked. */
class StubHost {
  readonly asked: unknown[][] = [];
  refusedFiles: readonly string[] = [];
  failure: Error | undefined;
  finishBuild: () => void = () => undefined;
  tell: (event: LabEvent) => void = () => undefined;

  async start(
    assets: LabAssets,
    files: UserFiles,
    onEvent: (event: LabEvent) => void,
  ): Promise<LabInfo> {
    this.asked.push(["start", assets.fresh, files]);
    if (this.failure !== undefined) throw this.failure;
    this.tell = onEvent;
    onEvent({ kind: "terminal-reset", backlog: new TextEncoder().encode("$ ") });
    return {
      arch: "i686",
      kernelRelease: "6.1",
      engine: "v86",
      memoryBytes: 1,
      refusedFiles: this.refusedFiles,
    };
  }

  type(bytes: Uint8Array): void {
    this.asked.push(["type", new TextDecoder().decode(bytes)]);
  }

  async resize(columns: number, rows: number): Promise<void> {
    this.asked.push(["resize", columns, rows]);
  }

  async writeFile(path: string, content: string): Promise<void> {
    this.asked.push(["writeFile", path, content]);
  }

  async removeFile(path: string): Promise<void> {
    this.asked.push(["removeFile", path]);
  }

  async renameFile(from: string, to: string): Promise<void> {
    this.asked.push(["renameFile", from, to]);
  }

  async changeOf(path: string): Promise<UserChange> {
    return path === FILE ? { kind: "removed" } : { kind: "text", text: "moved\n" };
  }

  async build(what: WhatToBuild): Promise<LabBuild> {
    this.asked.push(["build", what]);
    if (this.failure !== undefined) throw this.failure;
    return new Promise((resolve) => {
      this.finishBuild = () => resolve(BUILT);
    });
  }

  cancelBuild(): void {
    this.asked.push(["cancelBuild"]);
  }

  async rescue(): Promise<number> {
    throw new LabError("boot-failed", "The guest did not answer.");
  }

  async readFile(): Promise<Uint8Array> {
    return new TextEncoder().encode("größer\n");
  }
}

let host: StubHost;
let workers: FakeWorker[];
let store: LabStore;
let edits: Edits;
let refused: string[];
let actions: LabPageActions;

beforeEach(() => {
  host = new StubHost();
  workers = [];
  store = new LabStore();
  edits = new Edits(
    new BrowserStorage(
      () => new MemoryStorage(),
      "kspace",
      () => undefined,
    ),
  );
  refused = [];
  actions = new LabPageActions({
    store,
    assets: ASSETS,
    connect() {
      const fake = new FakeWorker();
      workers.push(fake);
      exposeLab(host as unknown as LabHost, fake.inside);
      return new LabClient(fake.worker);
    },
    edits,
    onRefusedFiles: (paths) => refused.push(...paths),
  });
});

afterEach(() => {
  for (const fake of workers) fake.close();
});

describe("a start", () => {
  it("takes the user's edits along, and says when the lab is ready", async () => {
    edits.keep(FILE, "mine\n");
    host.refusedFiles = ["/x"];
    await actions.start();
    expect(host.asked).toEqual([
      ["start", false, { written: { [FILE]: "mine\n" }, bytes: {}, removed: [], folders: [] }],
    ]);
    expect(store.start.value).toEqual({ phase: "ready" });
    expect(store.info.value?.arch).toBe("i686");
    expect(refused).toEqual(["/x"]);
  });

  it("that fails is told, and tried again with a new worker, past the browser's cache", async () => {
    host.failure = new LabError("image-corrupt", "Damaged.");
    const failed = actions.start();
    await expect(failed).rejects.toBeInstanceOf(LabActionError);
    await expect(failed).rejects.toMatchObject({ code: "image-corrupt", message: "Damaged." });
    expect(store.start.value).toEqual({
      phase: "failed",
      failure: { code: "image-corrupt", message: "Damaged." },
    });
    // Whose other downloads would look like a start that goes on.
    expect(workers[0]?.isTerminated).toBe(true);
    host.failure = undefined;
    await actions.start();
    expect(host.asked.map(([, fresh]) => fresh)).toEqual([false, true]);
    expect(store.start.value).toEqual({ phase: "ready" });
  });

  it("tells the guest the size that the terminal got before", async () => {
    actions.resize(100, 30);
    await actions.start();
    await actions.readFile(FILE);
    expect(host.asked).toContainEqual(["resize", 100, 30]);
  });

  it("comes before all else", async () => {
    await expect(actions.readFile(FILE)).rejects.toMatchObject({ code: "refused" });
    actions.type(new Uint8Array());
  });
});

describe("the terminal", () => {
  it("shows one that comes late what there was before", async () => {
    await actions.start();
    host.tell({ kind: "terminal", bytes: new TextEncoder().encode("ls") });
    await actions.readFile(FILE);
    const seen: TerminalEvent[] = [];
    const listening = actions.onTerminal((event) => seen.push(event));
    host.tell({ kind: "terminal", bytes: new TextEncoder().encode("\r\n") });
    await actions.readFile(FILE);
    listening[Symbol.dispose]();
    host.tell({ kind: "terminal", bytes: new TextEncoder().encode("more") });
    await actions.readFile(FILE);
    expect(
      seen.map((event) => [
        event.kind,
        new TextDecoder().decode(event.kind === "reset" ? event.backlog : event.bytes),
      ]),
    ).toEqual([
      ["reset", "$ ls"],
      ["output", "\r\n"],
    ]);
  });

  it("gets a command on a line of its own", async () => {
    await actions.start();
    actions.typeCommand("ls /dev");
    await actions.readFile(FILE);
    expect(host.asked.at(-1)).toEqual(["type", "\x05\x15ls /dev\r"]);
  });
});

describe("files", () => {
  it("are kept in the browser when they were written", async () => {
    await actions.start();
    await actions.writeFile(FILE, "mine\n");
    expect(host.asked.at(-1)).toEqual(["writeFile", FILE, "mine\n"]);
    expect(edits.all().written).toEqual({ [FILE]: "mine\n" });
    expect(await actions.readFile(FILE)).toBe("größer\n");
  });
});

describe("files that a person moves and removes", () => {
  it("are so for the next visit, too", async () => {
    await actions.start();
    await actions.renameFile(FILE, "/home/student/mine.c");
    await expect.poll(() => edits.all().removed).toEqual([FILE]);
    expect(edits.all().written).toEqual({ "/home/student/mine.c": "moved\n" });
    edits.forget(FILE);
    await actions.removeFile(FILE);
    await expect.poll(() => edits.all().removed).toEqual([FILE]);
  });
});

describe("a build", () => {
  it("is in the store while it runs, and with its end", async () => {
    await actions.start();
    const build = actions.build(MODULE);
    expect(store.build.value).toEqual({ phase: "running", what: MODULE });
    await expect.poll(() => host.asked.at(-1)).toEqual(["build", MODULE]);
    host.finishBuild();
    expect(await build).toEqual(BUILT);
    expect(store.build.value).toEqual({ phase: "ended", what: MODULE, build: BUILT });
  });

  it("that fails is in the store, too", async () => {
    await actions.start();
    host.failure = new LabError("image-missing", "No compiler.");
    await expect(actions.build(MODULE)).rejects.toMatchObject({ code: "image-missing" });
    expect(store.build.value).toMatchObject({
      phase: "failed",
      failure: { code: "image-missing", message: "No compiler." },
    });
  });

  it("is cancelled in the worker", async () => {
    await actions.start();
    actions.cancelBuild();
    await expect.poll(() => host.asked.at(-1)).toEqual(["cancelBuild"]);
  });
});

describe("a file that is written while the page is being closed", () => {
  it("is kept before the lab answers", async () => {
    await actions.start();
    const written = actions.writeFile(FILE, "the last words\n");
    expect(edits.all().written).toEqual({ [FILE]: "the last words\n" });
    await written;
  });
});

describe("what the lab refuses", () => {
  it("is an error with its code", async () => {
    await actions.start();
    const rescued = actions.rescue();
    await expect(rescued).rejects.toBeInstanceOf(LabActionError);
    await expect(rescued).rejects.toMatchObject({ code: "boot-failed" });
  });
});

describe("events", () => {
  it("reach the store, and those who listen to all of them", async () => {
    const kinds: string[] = [];
    actions.onEvent(({ kind }) => kinds.push(kind));
    const files: string[] = [];
    actions.onFiles((changes) => files.push(...changes.map(({ path }) => path)));
    await actions.start();
    host.tell({ kind: "guest", guest: { modules: [], devices: ["hello"], asOf: -1 } });
    host.tell({ kind: "files", files: [{ path: FILE, change: "written", origin: "guest" }] });
    await actions.readFile(FILE);
    expect(kinds).toEqual(["terminal-reset", "guest", "files"]);
    expect(store.guest.value.devices).toEqual(["hello"]);
    expect(files).toEqual([FILE]);
  });
});
