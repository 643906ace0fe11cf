import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { UserChange } from "../../../emulator/browser/protocol.js";
import { BrowserStorage } from "./browser-storage.js";
import { EditKeeper } from "./edit-keeper.js";
import { Edits } from "./edits.js";
import { MemoryStorage } from "./test-support/memory-storage.js";

const FILE = "/home/student/2-fops/hello.c";
const NOTHING = { written: {}, bytes: {}, removed: [], folders: [] };

let edits: Edits;
/** What differs from the course's files in the guest. */
let inGuest: Map<string, UserChange>;
let asked: string[];
let keeper: EditKeeper;

beforeEach(() => {
  vi.useFakeTimers();
  const memory = new MemoryStorage();
  edits = new Edits(
    new BrowserStorage(
      () => memory,
      "kspace",
      () => undefined,
    ),
  );
  inGuest = new Map();
  asked = [];
  keeper = new EditKeeper(edits, async (path) => {
    asked.push(path);
    return inGuest.get(path) ?? { kind: "none" };
  });
});

afterEach(() => {
  vi.useRealTimers();
});

async function changeOf(text: string): Promise<UserChange> {
  return { kind: "text", text };
}

/** A lab that answers the first question when the test says so. */
class LateAnswer {
  readonly asked: Promise<void>;
  #wasAsked: (() => void) | undefined;
  #answer: (change: UserChange) => void = () => undefined;

  constructor() {
    this.asked = new Promise((resolve) => {
      this.#wasAsked = resolve;
    });
  }

  /** Undefined from the second question on. */
  ask(): Promise<UserChange> | undefined {
    if (this.#wasAsked === undefined) return undefined;
    this.#wasAsked();
    this.#wasAsked = undefined;
    return new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  answer(text: string): void {
    this.#answer({ kind: "text", text });
  }
}

function written(path: string): void {
  keeper.changed([path]);
}

/** The lab has been asked for the file, and its answer is late; the next ones are not. */
async function askedForFile(): Promise<{ late: LateAnswer; flushed: Promise<void> }> {
  const late = new LateAnswer();
  keeper = new EditKeeper(edits, () => late.ask() ?? changeOf("by a program\n"));
  written(FILE);
  const flushed = keeper.flush();
  await late.asked;
  return { late, flushed };
}

describe("EditKeeper", () => {
  it("keeps what was written in the editor at once", () => {
    keeper.written(FILE, "mine\n");
    expect(edits.all().written).toEqual({ [FILE]: "mine\n" });
    keeper.written("/etc/motd", "the guest's");
    expect(edits.all().written).toEqual({ [FILE]: "mine\n" });
  });

  it("keeps what a program in the guest wrote, once it is quiet", async () => {
    inGuest.set(FILE, { kind: "text", text: "by vi\n" });
    written(FILE);
    await vi.advanceTimersByTimeAsync(200);
    written(FILE);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(asked).toEqual([FILE]);
    expect(edits.all().written).toEqual({ [FILE]: "by vi\n" });
  });

  it("forgets a file that is the course's again, or gone", async () => {
    edits.keep(FILE, "mine\n");
    edits.keep("/home/student/note", "mine, too\n");
    written(FILE);
    keeper.changed(["/home/student/note"]);
    await keeper.flush();
    expect(edits.all()).toEqual(NOTHING);
  });

  it("keeps that a file of the course's is gone, and what it is called now", async () => {
    inGuest.set(FILE, { kind: "removed" });
    inGuest.set("/home/student/sub", { kind: "folder" });
    const bytes = { mode: 0o644, packed: "eJw=" };
    inGuest.set("/home/student/sub/mine.ko", { kind: "bytes", bytes });
    inGuest.set("/home/student/sub/mine.c", { kind: "text", text: "the course's\n" });
    keeper.changed([
      FILE,
      "/home/student/sub",
      "/home/student/sub/mine.c",
      "/home/student/sub/mine.ko",
      "/home/elsewhere",
    ]);
    await keeper.flush();
    expect(asked).not.toContain("/home/elsewhere");
    expect(edits.all()).toEqual({
      written: { "/home/student/sub/mine.c": "the course's\n" },
      bytes: { "/home/student/sub/mine.ko": { mode: 0o644, packed: "eJw=" } },
      removed: [FILE],
      folders: ["/home/student/sub"],
    });
  });

  it("keeps what a file is last, also when an older answer comes late", async () => {
    const { late, flushed: first } = await askedForFile();
    written(FILE);
    const second = keeper.flush();
    late.answer("old\n");
    await Promise.all([first, second]);
    expect(edits.all().written).toEqual({ [FILE]: "by a program\n" });
  });

  it("keeps what was written in the editor since the lab was asked", async () => {
    const { late, flushed } = await askedForFile();
    keeper.written(FILE, "typed\n");
    late.answer("old\n");
    await flushed;
    expect(edits.all().written).toEqual({ [FILE]: "typed\n" });
  });

  it("leaves what was kept when the lab cannot be asked", async () => {
    edits.keep(FILE, "mine\n");
    keeper = new EditKeeper(edits, () => Promise.reject(new Error("closed")));
    written(FILE);
    await keeper.flush();
    expect(edits.all().written).toEqual({ [FILE]: "mine\n" });
  });
});
