import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BrowserStorage } from "./browser-storage.js";
import { EditKeeper } from "./edit-keeper.js";
import { Edits } from "./edits.js";
import { MemoryStorage } from "./test-support/memory-storage.js";

const FILE = "/home/student/2-fops/hello.c";

let edits: Edits;
/** What differs from the course's files in the guest. */
let inGuest: Map<string, string>;
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
    return inGuest.get(path);
  });
});

afterEach(() => {
  vi.useRealTimers();
});

function written(path: string): void {
  keeper.changed([{ path, change: "written", origin: "guest" }]);
}

describe("EditKeeper", () => {
  it("keeps what was written in the editor at once", () => {
    keeper.written(FILE, "mine\n");
    expect(edits.all()).toEqual({ [FILE]: "mine\n" });
    keeper.written("/etc/motd", "the guest's");
    expect(edits.all()).toEqual({ [FILE]: "mine\n" });
  });

  it("keeps what a program in the guest wrote, once it is quiet", async () => {
    inGuest.set(FILE, "by vi\n");
    written(FILE);
    await vi.advanceTimersByTimeAsync(200);
    written(FILE);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(asked).toEqual([FILE]);
    expect(edits.all()).toEqual({ [FILE]: "by vi\n" });
  });

  it("forgets a file that is the course's again, or gone", async () => {
    edits.keep(FILE, "mine\n");
    edits.keep("/home/student/note", "mine, too\n");
    written(FILE);
    keeper.changed([{ path: "/home/student/note", change: "removed", origin: "guest" }]);
    await keeper.flush();
    expect(edits.all()).toEqual({});
  });

  it("leaves what was kept when the lab cannot be asked", async () => {
    edits.keep(FILE, "mine\n");
    keeper = new EditKeeper(edits, () => Promise.reject(new Error("closed")));
    written(FILE);
    await keeper.flush();
    expect(edits.all()).toEqual({ [FILE]: "mine\n" });
  });
});
