import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { START_FILES } from "../../emulator/browser/start-files.js";
import { parsePacks } from "../../emulator/toolchain/index.js";
import { BUILD_IMAGES, RARE_IMAGES, START_IMAGES } from "./published-images.js";

async function archivesOf(list: string): Promise<string[]> {
  const file = fileURLToPath(new URL(`../../images/i686/${list}`, import.meta.url));
  const packs = parsePacks(gunzipSync(await readFile(file)).toString());
  return packs.map(({ archive }) => archive);
}

it("what a start downloads is published", () => {
  expect(START_IMAGES).toEqual(expect.arrayContaining([...START_FILES]));
});

it.each(["headers.json.gz", "library.json.gz"])(
  "the files that %s lists are published, and the first of them is kept for builds",
  async (list) => {
    const [first, ...others] = await archivesOf(list);
    expect(BUILD_IMAGES).toContain(first);
    expect(RARE_IMAGES).toEqual(expect.arrayContaining(others));
  },
);
