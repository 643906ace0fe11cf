/** What the page's service worker keeps and answers, with the browser around it played. */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { OfflineFile, OfflineMessage } from "./offline-files.js";

const BASE = "https://lab.test/page/";
const CONTENT: Readonly<Record<string, OfflineFile["when"]>> = {
  "index.html": "install",
  "images/gdb": "later",
  "images/compiler": "builds",
  "images/rare": "used",
};
const FILES: OfflineFile[] = Object.entries(CONTENT).map(([path, when]) => ({
  path,
  sha256: createHash("sha256").update(contentOf(path)).digest("hex"),
  when,
}));

/** What is in a file: its own path, of the version that the service worker knows. */
function contentOf(path: string): string {
  return `the content of ${path}`;
}

interface Lived {
  readonly waitUntil: (work: Promise<unknown>) => void;
}

let listeners: Map<string, (event: Lived & Record<string, unknown>) => void>;
let cache: Map<string, Response>;
/** What has been asked of the network, by path. */
let asked: string[];
let answer: (path: string, request: Request) => Response | Error;
let isFull: boolean;
let isBroken: boolean;

beforeEach(async () => {
  listeners = new Map();
  cache = new Map();
  asked = [];
  isFull = false;
  isBroken = false;
  answer = (path) => new Response(contentOf(path));
  vi.stubGlobal("__KSPACE_OFFLINE_FILES__", FILES);
  vi.stubGlobal("registration", { scope: BASE });
  vi.stubGlobal("clients", { claim: async () => undefined });
  vi.stubGlobal("addEventListener", (type: string, listener: () => void) =>
    listeners.set(type, listener),
  );
  vi.stubGlobal("caches", {
    open: async () => {
      if (isBroken) throw new Error("the storage is broken");
      return {
        match: async (url: string) => cache.get(url)?.clone(),
        put: async (url: string, response: Response) => {
          if (isFull) throw new DOMException("no room", "QuotaExceededError");
          cache.set(url, response);
        },
      };
    },
  });
  vi.stubGlobal("fetch", async (what: URL | Request) => {
    const request = what instanceof Request ? what : new Request(what);
    const path = request.url.slice(BASE.length);
    asked.push(path);
    const response = answer(path, request);
    if (response instanceof Error) throw response;
    return response;
  });
  vi.resetModules();
  await import("./service-worker.js");
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Lets something happen, and waits until the service worker has done what it does about it. */
async function happens(type: string, event: Record<string, unknown>): Promise<void> {
  const work: Promise<unknown>[] = [];
  listeners.get(type)?.({ ...event, waitUntil: (one) => work.push(one) });
  await Promise.all(work);
}

function tell(message: OfflineMessage): Promise<void> {
  return happens("message", { data: message });
}

/** What the page gets, once the service worker has kept what it keeps. */
async function get(path: string, init: RequestInit = {}): Promise<string> {
  let response: Promise<Response> | undefined;
  const work: Promise<unknown>[] = [];
  listeners.get("fetch")?.({
    request: new Request(BASE + path, init),
    respondWith: (one: Promise<Response>) => {
      response = one;
    },
    waitUntil: (one) => work.push(one),
  });
  const text = await (await response)?.text();
  await Promise.all(work);
  return text ?? "it is none of its files";
}

function kept(): string[] {
  return [...cache.keys()].map((url) => url.slice(BASE.length).replace(/\?.*/, "")).sort();
}

describe("files are kept", () => {
  it("as the page has time for them, each once", async () => {
    await happens("install", {});
    expect(kept()).toEqual(["index.html"]);
    await tell("keep-later");
    expect(kept()).toEqual(["images/gdb", "index.html"]);
    await tell("keep-builds");
    await tell("keep-builds");
    expect(kept()).toEqual(["images/compiler", "images/gdb", "index.html"]);
    expect(asked).toEqual(["index.html", "images/gdb", "images/compiler"]);
  });

  it("one after the other, whenever they are asked for", async () => {
    await Promise.all([tell("keep-later"), tell("keep-builds")]);
    expect(asked).toEqual(["index.html", "images/gdb", "images/compiler"]);
  });

  it("when they were needed, and then come without the network", async () => {
    expect(await get("images/rare")).toBe(contentOf("images/rare"));
    expect(kept()).toEqual(["images/rare"]);
    answer = () => new TypeError("offline");
    expect(await get("images/rare")).toBe(contentOf("images/rare"));
    expect(await get("images/rare", { headers: { range: "bytes=5-" } })).toBe(
      contentOf("images/rare"),
    );
    expect(asked).toEqual(["images/rare"]);
  });
});

describe("not kept is", () => {
  it("a part of a file", async () => {
    answer = () => new Response("part", { status: 206 });
    expect(await get("images/rare", { headers: { range: "bytes=5-" } })).toBe("part");
    expect(kept()).toEqual([]);
  });

  it("a file of another version, or an answer that is none", async () => {
    answer = () => new Response("another version");
    expect(await get("images/rare")).toBe("another version");
    await expect(tell("keep-builds")).rejects.toThrow("of another version");
    answer = () => new Response("no", { status: 404 });
    expect(await get("images/rare")).toBe("no");
    await expect(tell("keep-builds")).rejects.toThrow("404");
    expect(kept()).toEqual([]);
  });

  it("anything where there is no room, and the network answers", async () => {
    isFull = true;
    expect(await get("images/rare")).toBe(contentOf("images/rare"));
    isBroken = true;
    expect(await get("images/compiler")).toBe(contentOf("images/compiler"));
    expect(kept()).toEqual([]);
  });
});

describe("a page that goes past every cache", () => {
  it("gets the network's file, which is kept then", async () => {
    await get("images/rare");
    expect(await get("images/rare", { cache: "reload" })).toBe(contentOf("images/rare"));
    expect(asked).toEqual(["images/rare", "images/rare"]);
  });

  it("gets what is kept when there is no network", async () => {
    await get("images/rare");
    answer = () => new TypeError("offline");
    expect(await get("images/rare", { cache: "reload" })).toBe(contentOf("images/rare"));
  });
});

it("what is none of the page's files is the browser's own matter", async () => {
  expect(await get("images/other")).toBe("it is none of its files");
  expect(asked).toEqual([]);
});
