import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { KernelRecord } from "../lab/index.js";
import { EventBatch } from "./event-batch.js";
import type { LabEvent } from "./protocol.js";

let sent: LabEvent[];
let batch: EventBatch;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  batch = new EventBatch((event) => sent.push(event));
});

afterEach(() => {
  vi.useRealTimers();
});

function text(): string {
  return sent
    .flatMap((event) => (event.kind === "terminal" ? [new TextDecoder().decode(event.bytes)] : []))
    .join("|");
}

function write(output: string): void {
  batch.terminal(new TextEncoder().encode(output));
}

function record(sequence: number): KernelRecord {
  return {
    sequence,
    level: 6,
    facility: 0,
    microseconds: sequence,
    seconds: 0,
    text: `message ${sequence}`,
    continuation: false,
    dictionary: {},
    missing: 0,
  };
}

describe("EventBatch", () => {
  it("tells at once what comes after a pause, and then collects", async () => {
    write("a");
    write("b");
    await Promise.resolve();
    expect(text()).toBe("ab");
    write("c");
    vi.advanceTimersByTime(5);
    write("d");
    expect(text()).toBe("ab");
    vi.advanceTimersByTime(5);
    expect(text()).toBe("ab|cd");
  });

  it("tells each kind together, and a state only after what led to it", () => {
    write("a");
    batch.kernelRecord(record(1));
    batch.kernelRecord(record(2));
    batch.send({ kind: "reports-reset" });
    expect(sent.map(({ kind }) => kind)).toEqual(["terminal", "kernel-log", "reports-reset"]);
    const [, log] = sent;
    expect(log?.kind === "kernel-log" && log.records.map(({ sequence }) => sequence)).toEqual([
      1, 2,
    ]);
  });

  it("tells one change of a file that is written in pieces: the last one", () => {
    batch.file({ path: "/a", change: "written", origin: "guest" });
    batch.file({ path: "/b", change: "written", origin: "host" });
    batch.file({ path: "/a", change: "written", origin: "guest" });
    batch.file({ path: "/a", change: "removed", origin: "guest" });
    batch.flush();
    expect(sent).toEqual([
      {
        kind: "files",
        files: [
          { path: "/b", change: "written", origin: "host" },
          { path: "/a", change: "removed", origin: "guest" },
        ],
      },
    ]);
  });

  it("gives the page memory of its own", () => {
    const mine = new TextEncoder().encode("x");
    batch.terminal(mine);
    batch.flush();
    const [event] = sent;
    expect(event?.kind === "terminal" && event.bytes.buffer).not.toBe(mine.buffer);
  });

  it("drops the output of a past, but no changes of files", () => {
    write("a");
    batch.kernelRecord(record(1));
    batch.file({ path: "/a", change: "written", origin: "guest" });
    batch.dropOutput();
    batch.flush();
    expect(sent.map(({ kind }) => kind)).toEqual(["files"]);
  });

  it("tells nothing more when it is disposed of", async () => {
    write("a");
    batch[Symbol.dispose]();
    await Promise.resolve();
    vi.advanceTimersByTime(100);
    expect(sent).toEqual([]);
  });
});
