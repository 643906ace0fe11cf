import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { SourceFolder } from "../../lab/index.js";
import { InputError } from "../errors.js";
import { unreadable } from "../host-files.js";

/** No compiler reads more of a module in a minute. */
const LARGEST_FILE_BYTES = 32 * 1024 * 1024;

/**
 * Folders of this machine with C files. What is named is read; of the rest, only what lies in a
 * folder of the sources or below, wherever links or `..` may lead.
 */
export class HostFolder implements SourceFolder {
  /** The folder that all of them lie in, as the compiler is told and debug information names it. */
  readonly name: string;
  /** The named files, by their paths from the folder. */
  readonly sources: readonly string[];
  readonly #root: string;
  /** What may be read, links followed. */
  readonly #folders: readonly string[];
  readonly #typed: readonly string[];

  /** @throws InputError for a file that is not there */
  static async ofSources(paths: readonly string[]): Promise<HostFolder> {
    const found = await Promise.all(
      paths.map(async (path) => ({ folder: await realFolder(dirname(path), path), path })),
    );
    const folders = [...new Set(found.map(({ folder }) => folder))];
    const root = folders.reduce(commonFolder);
    const sources = found.map(({ folder, path }) =>
      withSlashes(join(folder, basename(path)).slice(root.length)).replace(/^\/+/, ""),
    );
    return new HostFolder(root, folders, sources, paths);
  }

  /** @throws InputError for a folder that is not there */
  static async ofFolder(path: string): Promise<HostFolder> {
    const folder = await realFolder(path, path);
    return new HostFolder(folder, [folder], [], []);
  }

  /** @param typed the sources as they were named */
  private constructor(
    root: string,
    folders: readonly string[],
    sources: readonly string[],
    typed: readonly string[],
  ) {
    this.#root = root;
    this.#folders = folders;
    this.sources = sources;
    this.#typed = typed;
    const path = withSlashes(root);
    this.name = path.startsWith("/") ? path : `/${path}`;
  }

  /** Where a file in it is. */
  path(name: string): string {
    return join(this.#root, name);
  }

  async names(folder: string): Promise<readonly string[]> {
    const path = await this.#allowed(folder);
    if (path === undefined) return [];
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  }

  /** @throws InputError for a source that cannot be read, and for a file that is too large */
  async read(name: string): Promise<Uint8Array | undefined> {
    const typed = this.#typed[this.sources.indexOf(name)];
    const path = typed === undefined ? await this.#allowed(name) : this.path(name);
    if (path === undefined) return undefined;
    const shown = typed ?? path;
    try {
      const found = await stat(path);
      if (!found.isFile() && typed === undefined) return undefined;
      if (!found.isFile()) throw new InputError(`${shown} cannot be read: it is no plain file.`);
      if (found.size > LARGEST_FILE_BYTES) {
        const limit = `${LARGEST_FILE_BYTES / 2 ** 20} MiB`;
        throw new InputError(`${shown} is too large for a source: at most ${limit} are read.`);
      }
      return await readFile(path);
    } catch (error) {
      throw error instanceof InputError ? error : unreadable(shown, error);
    }
  }

  async #allowed(name: string): Promise<string | undefined> {
    const path = await realpath(this.path(name)).catch(() => undefined);
    const isBelow = (folder: string): boolean =>
      path === folder || path?.startsWith(folder.endsWith(sep) ? folder : folder + sep) === true;
    return this.#folders.some(isBelow) ? path : undefined;
  }
}

async function realFolder(path: string, named: string): Promise<string> {
  try {
    const folder = await realpath(path);
    if ((await stat(folder)).isDirectory()) return folder;
  } catch (error) {
    throw unreadable(named, error);
  }
  throw new InputError(`${named} cannot be read: ${path} is no folder.`);
}

function commonFolder(one: string, other: string): string {
  const [a, b] = [one.split(sep), other.split(sep)];
  const differs = a.findIndex((name, index) => name !== b[index]);
  const common = (differs < 0 ? a : a.slice(0, differs)).join(sep);
  return common === "" ? resolve(sep) : common;
}

function withSlashes(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}
