import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { FileEvent } from "../../emulator/browser/protocol.js";
import { NO_PROGRESS } from "../../emulator/lab/course/guide/index.js";
import { Emitter } from "../../emulator/machine/emitter.js";
import { courseOf } from "./course/course-model.js";
import { prepareBuildsAhead } from "./lab-build-ahead.js";
import type { PageLab } from "./lab-context.js";
import { LabStore } from "./lab-store.js";

const INFO = {
  arch: "i686",
  kernelRelease: "6.1",
  engine: "v86",
  memoryBytes: 1,
  refusedFiles: [],
};

let store: LabStore;
let files: Emitter<readonly FileEvent[]>;
let prepared: number;
let lab: PageLab;

beforeEach(() => {
  store = new LabStore();
  files = new Emitter();
  prepared = 0;
  vi.stubGlobal("navigator", {});
  lab = {
    store,
    actions: {
      prepareBuilds: () => prepared++,
      onFiles: files.on,
      onTerminal: () => signal(),
      readFile: async () => "",
      originalOf: async () => "",
      listFiles: async () => [],
    },
    storage: { progress: { read: () => NO_PROGRESS, write: () => undefined } },
  } as unknown as PageLab;
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function written(path: string, origin: FileEvent["origin"]): void {
  files.emit([{ path, change: "written", origin }]);
}

it("a source that is written in the page tells of a build", () => {
  prepareBuildsAhead(lab);
  store.started(INFO);
  written("/home/student/1-load/hello.c", "guest");
  written("/home/student/1-load/notes", "host");
  expect(prepared).toBe(0);
  written("/home/student/1-load/hello.c", "host");
  written("/home/student/1-load/Makefile", "host");
  expect(prepared).toBe(2);
});

it("a section with a step that edits or builds tells of a build, once the lab runs", () => {
  prepareBuildsAhead(lab);
  courseOf(lab).select("3-locking");
  expect(prepared).toBe(0);
  store.started(INFO);
  expect(prepared).toBe(1);
});

it("bytes that cost money are not fetched ahead", () => {
  vi.stubGlobal("navigator", { connection: { saveData: true } });
  prepareBuildsAhead(lab);
  store.started(INFO);
  courseOf(lab).select("3-locking");
  written("/home/student/1-load/hello.c", "host");
  expect(prepared).toBe(0);
});
