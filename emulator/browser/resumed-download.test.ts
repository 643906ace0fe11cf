/** A download over connections that break, as a server that counts them sees it. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ChunkSink, ResumedDownload } from "./resumed-download.js";
import { brokenResponse } from "./test-support/image-server.js";

const URL = "http://lab.test/images/file.xz";
const FILE = new Uint8Array(400_000).map((_, index) => (index * 7) % 251);

interface Asked {
  readonly range: string | null;
  readonly signal: AbortSignal | null | undefined;
}

let asked: Asked[];
/** What the next connections do; after the last one, all goes well. */
let connections: ((bytes: Uint8Array, init: ResponseInit) => Response)[];
let knowsRanges: boolean;
/** More header lines of the server. */
let headers: Record<string, string>;

beforeEach(() => {
  asked = [];
  connections = [];
  knowsRanges = true;
  headers = {};
  vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
    const range = new Headers(init.headers).get("range");
    asked.push({ range, signal: init.signal });
    const connection = connections.shift() ?? ((bytes, how) => new Response(bytes.slice(), how));
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1]);
    if (!knowsRanges || range === null) return connection(FILE, { status: 200, headers });
    const contentRange = `bytes ${start}-${FILE.length - 1}/${FILE.length}`;
    return connection(FILE.subarray(start), {
      status: 206,
      headers: { ...headers, "content-range": contentRange },
    });
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A connection that ends after so many bytes. */
function cut(after: number): (bytes: Uint8Array, init: ResponseInit) => Response {
  return (bytes, init) => brokenResponse(bytes.slice(0, after), init);
}

function refuse(): never {
  throw new TypeError("offline");
}

/** Comparing them element by element takes a second. */
function expectFile(bytes: Uint8Array): void {
  expect(Buffer.compare(bytes, FILE)).toBe(0);
}

function ranges(): (string | null)[] {
  return asked.map(({ range }) => range);
}

function download(sink?: () => ChunkSink): ResumedDownload {
  return new ResumedDownload(URL, { name: "The file", sink });
}

describe("a connection that breaks", () => {
  it("is followed by one for what is missing, as long as each brings something", async () => {
    connections = [cut(100_000), cut(100_000), cut(100_000)];
    const told: number[] = [];
    const bytes = await download().run({ onBytes: (loaded) => told.push(loaded) });
    expectFile(bytes);
    expect(ranges()).toEqual([null, "bytes=100000-", "bytes=200000-", "bytes=300000-"]);
    expect(told).toEqual([100_000, 200_000, 300_000, 400_000]);
  });

  it("is tried again once when it brings nothing", async () => {
    connections = [refuse];
    expectFile(await download().run());
    connections = [cut(100_000), refuse];
    await expect(download().run()).rejects.toMatchObject({
      code: "download-failed",
      message: expect.stringContaining("broke twice (offline). Check that you are online"),
    });
  });

  it("leaves what has come for the next run", async () => {
    connections = [cut(100_000), refuse, refuse];
    const downloading = download();
    await expect(downloading.run()).rejects.toMatchObject({ code: "download-failed" });
    await expect(downloading.run({ signal: AbortSignal.abort("left") })).rejects.toBe("left");
    expectFile(await downloading.run());
    expect(ranges().at(-1)).toBe("bytes=100000-");
  });
});

describe("a server that cannot go on", () => {
  it.each([
    ["knows no ranges", () => (knowsRanges = false)],
    ["packs the file on the way", () => (headers = { "content-encoding": "gzip" })],
    [
      "has a shorter file now",
      () => connections.push((_, how) => new Response(null, { ...how, status: 416 })),
    ],
    [
      "sends another part",
      () =>
        connections.push(
          (_, how) => new Response("?", { ...how, headers: { "content-range": "bytes 7-8/9" } }),
        ),
    ],
  ])("as it %s is asked for all of it", async (_, happens) => {
    connections = [cut(100_000)];
    happens();
    const told: number[] = [];
    expectFile(await download().run({ onBytes: (loaded) => told.push(loaded) }));
    expect(told).toEqual([100_000, 0, 400_000]);
  });

  it("and that breaks at the same place each time is not asked for ever", async () => {
    knowsRanges = false;
    connections = Array.from({ length: 9 }, () => cut(100_000));
    await expect(download().run()).rejects.toThrow("broke twice");
    expect(asked).toHaveLength(2);
  });

  it("as it has trouble of its own is left alone, and what has come is kept", async () => {
    connections = [cut(100_000), (_, how) => new Response(null, { ...how, status: 503 })];
    const downloading = download();
    await expect(downloading.run()).rejects.toThrow("the server answered 503");
    expectFile(await downloading.run());
    expect(ranges()).toEqual([null, "bytes=100000-", "bytes=100000-"]);
  });
});

it("a connection over which nothing comes is taken for a broken one", async () => {
  vi.useFakeTimers();
  connections = [
    (_, init) => {
      const { signal } = asked.at(-1) ?? {};
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(FILE.slice(0, 100_000));
          signal?.addEventListener("abort", () => controller.error(signal.reason));
        },
      });
      return new Response(body, init);
    },
  ];
  const bytes = download().run();
  await vi.advanceTimersByTimeAsync(29_000);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2000);
  expectFile(await bytes);
  expect(ranges()).toEqual([null, "bytes=100000-"]);
  expect(vi.getTimerCount()).toBe(0);
});

it("whoever takes the pieces gets each once, and is told when they begin anew", async () => {
  const heard: string[] = [];
  const sink = (): ChunkSink => {
    heard.push("new");
    return {
      write: ({ length }) => heard.push(`${length}`),
      end: () => heard.push("end"),
      abort: () => heard.push("abort"),
    };
  };
  connections = [cut(100_000), cut(100_000)];
  await download(sink).run();
  expect(heard).toEqual(["new", "100000", "100000", "200000", "end"]);
  heard.length = 0;
  knowsRanges = false;
  connections = [cut(100_000)];
  await download(sink).run();
  expect(heard).toEqual(["new", "100000", "abort", "new", "400000", "end"]);
});
