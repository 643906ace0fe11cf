import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { Plugin } from "vite";
import { afterBuild } from "./after-build.js";

const PACKED = /\.(html|js|css|wasm)$/;
const compress = promisify(gzip);

/**
 * Puts a packed copy beside each file that gets much smaller, for servers that send such copies:
 * `kspace serve` does, and nginx with `gzip_static`. Others do not know them.
 */
export function compressPlugin(): Plugin {
  return afterBuild("kspace-compress", async (site) => {
    const entries = await readdir(site, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && PACKED.test(entry.name));
    for (const { parentPath, name } of files) {
      const file = join(parentPath, name);
      const packed = await compress(await readFile(file), {
        level: constants.Z_BEST_COMPRESSION,
      });
      await writeFile(`${file}.gz`, packed);
    }
  });
}
