import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * A log or a module may name anything as its source, and what is read is shown: only what a
 * compiler takes for source is read at all, and nothing that is too large for it.
 */
const SOURCE_NAME = /\.([cCsSh]|cc|cpp|hpp|inc|rs)$/;
const LARGEST_SOURCE_BYTES = 16 * 1024 * 1024;

/**
 * Reads the sources of modules on the host: where the debug information says that they are,
 * else beside the module's file, since modules are built in one place and looked at in another.
 */
export class HostSources {
  readonly #folders: readonly string[];

  /** @param modules the paths of the modules' files. */
  constructor(modules: readonly string[]) {
    this.#folders = [...new Set(modules.map(dirname))];
  }

  async read(path: string): Promise<string | undefined> {
    if (!SOURCE_NAME.test(path)) return undefined;
    const places = [path, ...this.#folders.map((folder) => join(folder, basename(path)))];
    for (const place of places) {
      const text = await readSource(place).catch(() => undefined);
      if (text !== undefined) return text;
    }
    return undefined;
  }
}

async function readSource(path: string): Promise<string | undefined> {
  const found = await stat(path);
  if (!found.isFile() || found.size > LARGEST_SOURCE_BYTES) return undefined;
  return readFile(path, "utf8");
}
