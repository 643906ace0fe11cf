import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PackEvent } from "../../../emulator/browser/protocol.js";
import { LabStore } from "../lab-store.js";
import { Notices } from "./notices.js";
import { followPacks } from "./pack-notices.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function follow(): { tell: (event: PackEvent) => void; shown: () => string[] } {
  const store = new LabStore();
  const notices = new Notices();
  followPacks({ store, notices });
  return {
    tell: (fetch) => store.take({ kind: "pack", fetch }),
    shown: () => notices.list.value.map(({ text }) => text),
  };
}

const FETCHING: PackEvent = { state: "fetching", pack: "gdb", bytes: 7_400_000 };
const FETCHED: PackEvent = { state: "fetched", pack: "gdb", bytes: 7_400_000 };
const FAILED: PackEvent = {
  state: "failed",
  pack: "gdb",
  failure: { code: "download-failed", message: "The connection broke." },
};

describe("a download that the guest waits for", () => {
  it("is told when it takes long, until it is there", () => {
    const { tell, shown } = follow();
    tell(FETCHING);
    expect(shown()).toEqual([]);
    vi.advanceTimersByTime(400);
    expect(shown()).toEqual(["Downloading gdb for the guest, 7.4 MB."]);
    tell(FETCHED);
    expect(shown()).toEqual([]);
  });

  it("is not told when it is there at once", () => {
    const { tell, shown } = follow();
    tell(FETCHING);
    tell(FETCHED);
    vi.advanceTimersByTime(10_000);
    expect(shown()).toEqual([]);
  });

  it("that failed is told with what to do, until it is tried again", () => {
    const { tell, shown } = follow();
    tell(FETCHING);
    tell(FAILED);
    expect(shown()).toEqual([
      "The guest has no gdb yet. The connection broke. Its program was told of an input/output " +
        "error: type the command again.",
    ]);
    tell(FETCHING);
    expect(shown()).toEqual([]);
    tell(FAILED);
    expect(shown()).toHaveLength(1);
  });
});
