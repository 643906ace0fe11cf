/** Images over a `fetch` that goes wrong in the ways of networks. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Images, Lab } from "../lab/index.js";
import { labFailure } from "./failure.js";
import { browserImageSource } from "./image-source.js";
import type { LabFailure } from "./protocol.js";
import { sha256 } from "./sha256.js";
import { START_FILES } from "./start-files.js";
import { type FakeBuildWorker, fakeBuildWorkers } from "./test-support/fake-build-worker.js";
import { brokenResponse, ImageServer, SERVED } from "./test-support/image-server.js";
import { TINY_PROGRAM } from "./test-support/tiny-program.js";

const COURSE = "i686/course.tar.gz";

let server: ImageServer;

beforeEach(() => {
  server = new ImageServer();
  vi.stubGlobal("fetch", server.fetch);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

async function read(path: string): Promise<Uint8Array> {
  const images = await Images.open(browserImageSource(SERVED));
  return images.read(path);
}

async function failureOf(work: Promise<unknown>): Promise<LabFailure> {
  try {
    await work;
  } catch (error) {
    return labFailure(error);
  }
  throw new Error("It was to fail, and did not.");
}

describe("a start over the network", () => {
  it("downloads what it says it does, each file once, and tells all bytes up to the last", async () => {
    const told: [number, number][] = [];
    const source = browserImageSource(SERVED, { onBytes: (...bytes) => told.push(bytes) });
    await using lab = await Lab.boot(await Images.open(source));
    expect((await lab.run("/bin/uname")).outcome).toBe("exited");
    expect(server.paths().sort()).toEqual(["manifest.json", "v86.wasm", ...START_FILES].sort());

    const [total] = new Set(told.map(([, all]) => all));
    const sizes = told.map(([loaded]) => loaded);
    expect(new Set(told.map(([, all]) => all)).size).toBe(1);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(sizes.at(-1)).toBe(total);
    expect(total).toBeGreaterThan(7_000_000);
    expect(told.length).toBeLessThanOrEqual(102);
  });

  it("asks for the manifest anew, and for the others as the cache has them", async () => {
    await read("i686/kernel.json");
    const caches = new Map(server.requests.map(({ path, cache }) => [path, cache]));
    expect(caches.get("manifest.json")).toBe("no-cache");
    expect(caches.get("i686/kernel.json")).toBe("default");
  });

  it("asks past the cache after a start that failed", async () => {
    const images = await Images.open(browserImageSource({ ...SERVED, fresh: true }));
    await images.read("i686/kernel.json");
    expect(new Set(server.requests.map(({ cache }) => cache))).toEqual(new Set(["reload"]));
  });
});

describe("a download that goes wrong", () => {
  it("is tried once more where the connection broke", async () => {
    let times = 0;
    server.fault = ({ path }, bytes) =>
      path === COURSE && times++ === 0 ? brokenResponse(bytes.slice(0, 1000)) : undefined;
    expect((await read(COURSE)).length).toBe(279_379);
    expect(server.paths().filter((path) => path === COURSE)).toHaveLength(2);
  });

  it("goes on where it broke, also when whoever asks next does so later", async () => {
    let times = 0;
    server.fault = ({ path }, bytes) => {
      if (path !== COURSE) return undefined;
      times++;
      if (times === 1) return brokenResponse(bytes.slice(0, 100_000));
      return times < 4 ? new TypeError("offline") : undefined;
    };
    const images = await Images.open(browserImageSource(SERVED));
    expect(await failureOf(images.read(COURSE))).toMatchObject({ code: "download-failed" });
    const told: number[] = [];
    const bytes = await images.read(COURSE, undefined, (loaded) => told.push(loaded));
    expect(bytes.length).toBe(279_379);
    expect(told[0]).toBeGreaterThan(100_000);
    const ranges = server.requests.filter(({ path }) => path === COURSE).map(({ range }) => range);
    expect(ranges).toEqual([null, "bytes=100000-", "bytes=100000-", "bytes=100000-"]);
  });

  it("says which file it was when the connection breaks twice", async () => {
    server.fault = ({ path }) => (path === COURSE ? new TypeError("network error") : undefined);
    const failure = await failureOf(read(COURSE));
    expect(failure.code).toBe("download-failed");
    expect(failure.message).toContain(`images/${COURSE}`);
    expect(failure.message).toContain("broke twice (network error)");
    expect(failure.message).toContain("online");
  });

  it("says what the server answered, and asks it only once", async () => {
    server.fault = ({ path }) =>
      path === COURSE ? new Response("no", { status: 404, statusText: "Not Found" }) : undefined;
    const failure = await failureOf(read(COURSE));
    expect(failure.code).toBe("download-failed");
    expect(failure.message).toContain(`images/${COURSE}`);
    expect(failure.message).toContain("404 Not Found");
    expect(server.paths().filter((path) => path === COURSE)).toHaveLength(1);
  });

  it("of the manifest is told in the same way", async () => {
    server.fault = ({ path }) =>
      path === "manifest.json" ? new Response("", { status: 503 }) : undefined;
    const failure = await failureOf(read(COURSE));
    expect(failure).toMatchObject({ code: "download-failed" });
    expect(failure.message).toContain("images/manifest.json");
  });

  it("of the emulator is tried again, too, and then told", async () => {
    server.fault = ({ path }) => (path === "v86.wasm" ? new TypeError("offline") : undefined);
    const failure = await failureOf(browserImageSource(SERVED).engine());
    expect(failure.code).toBe("download-failed");
    expect(failure.message).toContain("v86.wasm");
  });

  it("ends with its signal", async () => {
    const controller = new AbortController();
    const source = browserImageSource(SERVED);
    controller.abort(new Error("left the page"));
    server.fault = () => new DOMException("aborted", "AbortError");
    await expect(source.readImage("i686/kallsyms.gz", controller.signal)).rejects.toThrow(
      "left the page",
    );
  });
});

describe("a file that is not the manifest's", () => {
  const damaged = (bytes: Uint8Array<ArrayBuffer>): Response => {
    const other = bytes.slice();
    other[100] = (other[100] ?? 0) ^ 1;
    return new Response(other);
  };

  it("is asked for past the cache, which may have one of another version", async () => {
    server.fault = ({ path, cache }, bytes) =>
      path === COURSE && cache !== "reload" ? damaged(bytes) : undefined;
    expect((await read(COURSE)).length).toBe(279_379);
  });

  it("is refused when the server has no other", async () => {
    server.fault = ({ path }, bytes) => (path === COURSE ? damaged(bytes) : undefined);
    const failure = await failureOf(read(COURSE));
    expect(failure.code).toBe("image-corrupt");
    expect(failure.message).toContain(`images/${COURSE}`);
    expect(failure.message).not.toContain("npm");
  });

  it("is refused when a proxy answers with a page of its own", async () => {
    server.fault = ({ path }) => (path === COURSE ? new Response("<html>login") : undefined);
    expect(await failureOf(read(COURSE))).toMatchObject({ code: "image-corrupt" });
  });
});

describe("WebAssembly", () => {
  it("is compiled also when the server calls it something else", async () => {
    server.wasmType = "application/octet-stream";
    const module = await browserImageSource(SERVED).engine();
    expect(WebAssembly.Module.exports(module).length).toBeGreaterThan(0);
  });

  it("is one module for all who ask", async () => {
    const source = browserImageSource(SERVED);
    expect(await source.disassembler()).toBe(await source.disassembler());
    expect(server.paths().filter((path) => path === "iced.wasm")).toHaveLength(1);
  });
});

describe("a packed program", () => {
  const PATH = "toolchain/tiny.wasm.xz";
  let workers: FakeBuildWorker[];

  beforeEach(async () => {
    workers = [];
    const files = [{ path: PATH, bytes: TINY_PROGRAM.length, sha256: await sha256(TINY_PROGRAM) }];
    server.files.set("manifest.json", new TextEncoder().encode(JSON.stringify({ files })));
    server.files.set(PATH, TINY_PROGRAM);
  });

  function openImages(): Promise<Images> {
    return Images.open(browserImageSource(SERVED, { builds: fakeBuildWorkers(workers) }));
  }

  function compilations(): number {
    return workers.flatMap(({ sent }) => sent).filter(({ type }) => type === "compile").length;
  }

  it("is compiled in the build thread while it comes, once", async () => {
    const images = await openImages();
    const bytes = await images.read(PATH);
    expect(compilations()).toBe(1);
    const module = await images.source.compileXz(bytes);
    expect(module).toBeInstanceOf(WebAssembly.Module);
    expect(await images.source.compileXz(bytes)).toBe(module);
    expect(compilations()).toBe(1);
    // Of a file from elsewhere, too.
    expect(await images.source.compileXz(TINY_PROGRAM)).toBeInstanceOf(WebAssembly.Module);
  });

  it("that comes damaged is compiled when it has come as it should be", async () => {
    const damaged = TINY_PROGRAM.slice();
    damaged[28] = 0;
    server.fault = ({ path, cache }) =>
      path === PATH && cache !== "reload" ? new Response(damaged) : undefined;
    const images = await openImages();
    const bytes = await images.read(PATH);
    expect(await images.source.compileXz(bytes)).toBeInstanceOf(WebAssembly.Module);
  });

  it("whose connection breaks is compiled of all its parts", async () => {
    let times = 0;
    server.fault = ({ path }, bytes) =>
      path === PATH && times++ === 0 ? brokenResponse(bytes.slice(0, 30)) : undefined;
    const images = await openImages();
    const bytes = await images.read(PATH);
    expect(bytes).toEqual(TINY_PROGRAM);
    expect(await images.source.compileXz(bytes)).toBeInstanceOf(WebAssembly.Module);
    expect(compilations()).toBe(1);
  });
});

describe("on an insecure origin", () => {
  it("hashes are computed without the browser's help", async () => {
    vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
    expect((await read(COURSE)).length).toBe(279_379);
  });
});
