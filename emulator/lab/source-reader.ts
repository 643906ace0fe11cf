import type { FileTree } from "../files/index.js";
import type { Arch } from "../machine/machine.js";
import type { Images } from "./images.js";
import { type KernelSources, openKernelSources } from "./kernel-sources.js";

/** Reads the source files that the debug information of a guest's code names. */
export class SourceReader {
  readonly #images: Images;
  readonly #arch: Arch;
  readonly #tree: FileTree;
  #kernelSources: Promise<KernelSources> | undefined;

  /** @param tree the guest's files, by the paths that they have in the guest. */
  constructor(images: Images, arch: Arch, tree: FileTree) {
    this.#images = images;
    this.#arch = arch;
    this.#tree = tree;
  }

  /** The text of a file of the user's or of the kernel's; undefined where it is not at hand. */
  async read(path: string): Promise<string | undefined> {
    if (this.#tree.exists(path) && this.#tree.stat(path).kind === "file") {
      return new TextDecoder().decode(this.#tree.readFile(path));
    }
    try {
      this.#kernelSources ??= openKernelSources(this.#images, this.#arch);
      return await (await this.#kernelSources).read(path);
    } catch {
      // A report without its source lines is better than none; the next one tries again.
      this.#kernelSources = undefined;
      return undefined;
    }
  }
}
