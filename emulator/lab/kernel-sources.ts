import type { Arch } from "../machine/machine.js";
import { LabError } from "./errors.js";
import type { Images } from "./images.js";
import { PackArchive } from "./pack-archive.js";
import { readPackIndex } from "./pack-index.js";

const PACK = "linux-source";

/** The kernel's sources: of what modules include, and of functions that traces lead through. */
export interface KernelSources {
  /**
   * The text of a source file, or undefined when it is not among them. They are fetched for the
   * first one that is.
   * @param path as debug information names it, with its folder: `/usr/src/linux-source-6.1` and
   *   `./include/linux/uaccess.h`; or from the kernel's tree on
   * @throws LabError (rejects) `image-missing` or `image-corrupt`
   */
  read(path: string): Promise<string | undefined>;
}

/**
 * Opens the sources of a guest's kernel. They are no part of a lab: only who shows them needs
 * them.
 * @throws LabError `image-missing` or `image-corrupt`
 */
export async function openKernelSources(
  images: Images,
  arch: Arch,
  signal?: AbortSignal,
): Promise<KernelSources> {
  const packs = await readPackIndex(images, arch, signal);
  const pack = packs.find(({ name }) => name === PACK);
  if (pack === undefined) {
    throw new LabError("image-missing", `The images have no pack ${PACK} for ${arch}.`);
  }
  const archive = new PackArchive(images, pack);
  const known = new Set(pack.files.map(([path]) => path));
  return {
    async read(path) {
      const inTree = pathInTree(path, pack.root);
      if (inTree === undefined || !known.has(inTree)) return undefined;
      return new TextDecoder().decode(await archive.read(inTree));
    },
  };
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
