import type { Arch } from "../machine/machine.js";
import { LabError } from "./errors.js";
import type { Images } from "./images.js";
import { PackArchive } from "./pack-archive.js";
import { readPackIndex } from "./pack-index.js";

const PACK = "linux-source";

/** The kernel's sources: of what modules include, and of functions that traces lead through. */
export class KernelSources {
  readonly #archive: PackArchive;
  readonly #known: ReadonlySet<string>;

  /**
   * @param archives all that there are
   * @throws LabError `image-missing` when the sources are not among them
   */
  constructor(archives: readonly PackArchive[]) {
    const archive = archives.find(({ pack }) => pack.name === PACK);
    if (archive === undefined) {
      throw new LabError("image-missing", `These images have no pack ${PACK}.`);
    }
    this.#archive = archive;
    this.#known = new Set(archive.pack.files.map(([path]) => path));
  }

  /**
   * The text of a source file, or undefined when it is not among them. They are fetched for the
   * first one that is.
   * @param path as debug information names it, with its folder: `/usr/src/linux-source-6.1` and
   *   `./include/linux/uaccess.h`; or from the kernel's tree on
   * @throws LabError (rejects) `image-missing` or `image-corrupt`
   */
  async read(path: string): Promise<string | undefined> {
    const inTree = pathInTree(path, this.#archive.pack.root);
    if (inTree === undefined || !this.#known.has(inTree)) return undefined;
    return new TextDecoder().decode(await this.#archive.read(inTree));
  }
}

/**
 * Opens the sources of a guest's kernel, without a lab: a lab has them as `packs.kernelSources`.
 * @throws LabError `image-missing` or `image-corrupt`
 */
export async function openKernelSources(
  images: Images,
  arch: Arch,
  signal?: AbortSignal,
): Promise<KernelSources> {
  const packs = await readPackIndex(images, arch, signal);
  return new KernelSources(packs.map((pack) => new PackArchive(images, pack)));
}

/** A path from `root` on, without "." and ".."; undefined when it is not below it. */
function pathInTree(path: string, root: string): string | undefined {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  const plain = names.join("/");
  if (!path.startsWith("/")) return plain;
  const prefix = `${root.slice(1)}/`;
  return plain.startsWith(prefix) ? plain.slice(prefix.length) : undefined;
}
