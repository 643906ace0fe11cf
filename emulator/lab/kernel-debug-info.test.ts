import { describe, expect, it } from "vitest";
import { writeGsym } from "../debuginfo/gsym/gsym-writer.js";
import { nodeImageSource } from "../node/index.js";
import { type ImageSource, Images } from "./images.js";
import { readKernelDebugInfo } from "./kernel-debug-info.js";

const INDEX = "i686/kernel.gsym.gz";

const index = writeGsym({
  baseAddress: 0xc1000000n,
  uuid: new Uint8Array(),
  functions: [{ name: "schedule", section: 0, start: 0, size: 0x40, rows: [], inlined: [] }],
  aliases: [],
});

/** Images with nothing but an index; `reads` is called for each reading of it. */
async function openImages(reads: () => void): Promise<Images> {
  const sha256 = "0".repeat(64);
  const manifest = { files: [{ path: INDEX, bytes: index.length, sha256 }] };
  const source: ImageSource = {
    ...nodeImageSource(),
    readImage: async (path) => {
      if (path !== INDEX) return new TextEncoder().encode(JSON.stringify(manifest));
      reads();
      return index;
    },
    sha256: async () => sha256,
    gunzip: async (bytes) => bytes,
  };
  return Images.open(source);
}

describe("readKernelDebugInfo", () => {
  it("reads the index when it is first asked for, and once", async () => {
    let reads = 0;
    const images = await openImages(() => reads++);
    expect(reads).toBe(0);
    const [first, second] = await Promise.all([
      readKernelDebugInfo(images, "i686"),
      readKernelDebugInfo(images, "i686"),
    ]);
    expect(second).toBe(first);
    expect(await readKernelDebugInfo(images, "i686")).toBe(first);
    expect(reads).toBe(1);
    expect(first.resolve("schedule", 4)).toEqual({ section: 0, offset: 4 });
  });

  it("reads it for each set of images", async () => {
    let reads = 0;
    const [one, other] = [await openImages(() => reads++), await openImages(() => reads++)];
    expect(await readKernelDebugInfo(one, "i686")).not.toBe(
      await readKernelDebugInfo(other, "i686"),
    );
    expect(reads).toBe(2);
  });

  it("tries again after a failure", async () => {
    let reads = 0;
    const images = await openImages(() => {
      if (++reads === 1) throw new Error("The network is down.");
    });
    await expect(readKernelDebugInfo(images, "i686")).rejects.toMatchObject({
      code: "image-missing",
    });
    expect((await readKernelDebugInfo(images, "i686")).bits).toBe(32);
  });
});
