import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { type DebugFile, openDebugFile } from "../../../debuginfo/index.js";
import {
  formatChain,
  locateAddress,
  parseSymbolizerOutput,
} from "../../../debuginfo/test-support/llvm-symbolizer.js";
import { IMAGES_FOLDER } from "../../../node/index.js";
import { makeKernelSymbolFile } from "./kernel-symbol-file.js";

const SOURCES = "/usr/src/linux-source-6.1";

async function image(name: string): Promise<Uint8Array> {
  return gunzipSync(await readFile(join(IMAGES_FOLDER, "i686", name)));
}

describe("the vmlinux made of the images", () => {
  let file: DebugFile;

  beforeAll(async () => {
    file = openDebugFile(
      makeKernelSymbolFile({
        bits: 32,
        symbols: Buffer.from(await image("kallsyms.gz")).toString(),
        index: await image("kernel.gsym.gz"),
        frames: await image("kernel.frames.gz"),
        sourceFolder: SOURCES,
      }),
    );
  });

  it("says of addresses what llvm-symbolizer said of the kernel's own", async () => {
    const samples = parseSymbolizerOutput(
      Buffer.from(await image("kernel-places.txt.gz")).toString(),
    );
    expect(samples.length).toBeGreaterThan(1900);
    const differing = samples.filter(({ address, chain }) => {
      // Padding between functions belongs to none here: gdb needs no lines of it.
      const isPadding = chain.length === 1 && chain[0]?.function === "??";
      const ours = formatChain(locateAddress(file, address));
      return !isPadding && ours !== formatChain(chain);
    });
    expect(
      differing.map(({ address, chain }) => [
        address.toString(16),
        formatChain(chain),
        formatChain(locateAddress(file, address)),
      ]),
    ).toEqual([]);
  });

  it("has the kernel's symbols, with the sizes of functions", () => {
    const place = file.resolve("vfs_write", 0);
    expect(place && file.symbolAt(place)).toMatchObject({ name: "vfs_write" });
    expect(file.resolve("no_such_function", 0)).toBeUndefined();
  });
});
