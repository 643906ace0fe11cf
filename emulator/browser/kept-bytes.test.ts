import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { LARGEST_KEPT_BYTES, packBytes, unpackBytes } from "./kept-bytes.js";
import { unpackFiles } from "./kept-files.js";

const BYTES = new Uint8Array(100_000).map((_, index) => (index * index) >> 3);

describe("a file that is no text", () => {
  it.each([0, 1, 70_000, 100_000])("of %i bytes is the same when it is unpacked", async (size) => {
    const kept = await packBytes(BYTES.subarray(0, size), 0o755);
    expect(kept.mode).toBe(0o755);
    const unpacked = await unpackBytes(kept);
    expect(Buffer.compare(unpacked, BYTES.subarray(0, size))).toBe(0);
  });

  it("is in the form that other programs read, too", async () => {
    const packed = deflateSync("a module").toString("base64");
    expect(await unpackBytes({ mode: 0, packed })).toEqual(new TextEncoder().encode("a module"));
  });

  it("is refused when it is damaged, or unpacks to more than is ever kept", async () => {
    await expect(unpackBytes({ mode: 0, packed: "no base64!" })).rejects.toThrow();
    await expect(unpackBytes({ mode: 0, packed: btoa("no zlib") })).rejects.toThrow();
    const bomb = deflateSync(new Uint8Array(LARGEST_KEPT_BYTES + 1)).toString("base64");
    await expect(unpackBytes({ mode: 0, packed: bomb })).rejects.toThrow("unpacks to more");
  });
});

it("what the browser has kept is unpacked, and what is damaged is told", async () => {
  const bytes = { "/p": await packBytes(Uint8Array.of(0), 0o755), "/d": { mode: 0, packed: "?" } };
  expect(await unpackFiles({ written: { "/t": "ü" }, bytes, removed: ["/r"] })).toEqual({
    files: new Map([
      ["/t", { content: new TextEncoder().encode("ü") }],
      ["/p", { content: Uint8Array.of(0), mode: 0o755 }],
    ]),
    removed: ["/r"],
    folders: [],
    damaged: ["/d"],
  });
});
