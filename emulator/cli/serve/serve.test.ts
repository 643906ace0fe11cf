import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { IMAGES_FOLDER } from "../../node/index.js";
import { kspace } from "../test-support/run-cli.js";
import { ended, startKspace } from "../test-support/spawn-kspace.js";
import { DEFAULT_PORT, listen, type RunningServer } from "./listen.js";
import { CONTENT_SECURITY_POLICY, siteHandler } from "./site.js";

/** `kspace serve`: what it sends, where it listens, and how it ends. */

const SCRIPT = "export const answer = 42;\n".repeat(100);

let site: string;
let server: RunningServer;
beforeAll(async () => {
  site = await mkdtemp(join(tmpdir(), "kspace-site-"));
  await mkdir(join(site, "assets"));
  await writeFile(join(site, "index.html"), "<!doctype html><title>page</title>");
  await writeFile(join(site, "assets/a.js"), SCRIPT);
  await writeFile(join(site, "assets/a.js.gz"), gzipSync(SCRIPT));
  await writeFile(join(site, "assets/a.wasm"), Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  await writeFile(join(site, "..", "kspace-outside.txt"), "not for the world");
  server = await listen(siteHandler({ site, images: IMAGES_FOLDER }), 0);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(site, { recursive: true });
  await rm(join(site, "..", "kspace-outside.txt"));
});

const get = (path: string, init?: RequestInit) => fetch(new URL(path, server.url), init);

describe("files", () => {
  it.each([
    ["", "text/html;charset=utf-8"],
    ["assets/a.js", "text/javascript"],
    ["assets/a.wasm", "application/wasm"],
    ["images/manifest.json", "application/json"],
  ])("%j is %s", async (path, type) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
    expect(response.headers.get("content-security-policy")).toBe(CONTENT_SECURITY_POLICY);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("come packed where the build has packed them", async () => {
    const response = await get("assets/a.js");
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(response.headers.get("content-type")).toBe("text/javascript");
    expect(await response.text()).toBe(SCRIPT);
  });

  it("that are packed images come as they are", async () => {
    const response = await get("images/i686/kallsyms.gz.bin");
    const bytes = new Uint8Array(await response.arrayBuffer());
    const expected = await readFile(join(IMAGES_FOLDER, "i686/kallsyms.gz"));
    expect(Buffer.compare(bytes, expected)).toBe(0);
  });

  it("are not sent again when they are the same", async () => {
    for (const path of ["assets/a.wasm", "images/manifest.json"]) {
      const first = await get(path);
      const etag = first.headers.get("etag") ?? "";
      expect(etag).not.toBe("");
      const second = await get(path, { headers: { "if-none-match": etag } });
      expect({ status: second.status, text: await second.text() }).toEqual({
        status: 304,
        text: "",
      });
    }
  });

  it.each(["nothing.js", "images/nothing.bin", "images/", "assets/", "images/../package.json"])(
    "%s is not there",
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );

  it.each([
    "/../kspace-outside.txt",
    "/%2e%2e/kspace-outside.txt",
    "/..%2fkspace-outside.txt",
    "/images/../../package.json",
    "/images/%2e%2e/package.json",
    "/%",
  ])("%s leads nowhere", async (path) => {
    // fetch() would tidy the path up before it sends it.
    const { hostname, port } = new URL(server.url);
    const outgoing = request({ hostname, port, path }).end();
    const [response] = await once(outgoing, "response");
    response.resume();
    expect(response.statusCode).toBe(404);
  });

  it("are all that there is: nothing can be sent to it", async () => {
    const response = await get("", { method: "POST", body: "x" });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD");
  });
});

it("has the policy that the page itself has", () => {
  const page = readFileSync(new URL("../../../web/index.html", import.meta.url), "utf8");
  expect(page).toContain(`content="${CONTENT_SECURITY_POLICY}"`);
});

describe("the port", () => {
  it("is the next free one when the default is taken", async () => {
    const handler = siteHandler({ site, images: IMAGES_FOLDER });
    await using first = await listen(handler, undefined);
    await using second = await listen(handler, undefined);
    const [one, two] = [first, second].map(({ url }) => Number(new URL(url).port));
    expect(one).toBeGreaterThanOrEqual(DEFAULT_PORT);
    expect(two).toBeGreaterThan(one ?? 0);
  });

  it("that was asked for and is taken is an error", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { status, stdout, stderr } = await kspace(["serve", "--port", String(port)]);
    other.close();
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toBe(
      `kspace: Port ${port} is taken by another program. ` +
        "Without --port, kspace looks for a free one.\n",
    );
  });

  it.each(["x", "-1", "65536", "1.5", ""])("%j is no port", async (port) => {
    const { status, stderr } = await kspace(["serve", `--port=${port}`]);
    expect(status).toBe(2);
    expect(stderr).toContain("a port is a number from 0 (any) to 65535");
  });

  it("is named by the option that it was given with", async () => {
    const { status, stderr } = await kspace(["serve", "--gdb", "99999"]);
    expect(status).toBe(2);
    expect(stderr).toContain("--gdb 99999: a port is a number from 0 (any) to 65535");
  });
});

describe("the command", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "says where the page is, and ends by %s with connections open",
    async (signal) => {
      const child = startKspace(["serve", "--port", "0"]);
      const result = ended(child);
      const [first] = await once(child.stdout, "data");
      const address = /^The lab is at (http:\/\/127\.0\.0\.1:\d+\/)\n$/.exec(String(first))?.[1];
      const page = await fetch(address ?? "");
      expect(await page.text()).toContain("<title>kspace");
      child.kill(signal);
      expect(await result).toMatchObject({ status: 0, signal: null, stderr: "" });
    },
  );
});
