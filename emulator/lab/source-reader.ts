import type { FileTree } from "../files/index.js";
import type { KernelSources } from "./kernel-sources.js";

/** Reads the source files that the debug information of a guest's code names. */
export class SourceReader {
  readonly #kernelSources: KernelSources;
  readonly #tree: FileTree;

  /** @param tree the guest's files, by the paths that they have in the guest. */
  constructor(kernelSources: KernelSources, tree: FileTree) {
    this.#kernelSources = kernelSources;
    this.#tree = tree;
  }

  /**
   * The text of a file of the user's or of the kernel's; undefined where there is none.
   * @throws LabError (rejects) when the kernel's sources cannot be fetched; the next call tries again
   */
  async read(path: string): Promise<string | undefined> {
    if (this.#tree.exists(path) && this.#tree.stat(path).kind === "file") {
      return new TextDecoder().decode(this.#tree.readFile(path));
    }
    return this.#kernelSources.read(path);
  }
}
