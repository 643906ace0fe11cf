import type { FileTree } from "../files/index.js";
import type { KernelSources } from "./kernel-sources.js";

/** The text of a source file by the name that debug information has for it, if it is there. */
export type ReadSource = (path: string) => Promise<string | undefined>;

/** Reads the source files that the debug information of a guest's code names. */
export class SourceReader {
  readonly #kernelSources: KernelSources;
  readonly #tree: FileTree;
  readonly #readElsewhere: ReadSource;

  /**
   * @param tree the guest's files, by the paths that they have in the guest.
   * @param readElsewhere asked for what is neither the guest's nor the kernel's.
   */
  constructor(
    kernelSources: KernelSources,
    tree: FileTree,
    readElsewhere: ReadSource = async () => undefined,
  ) {
    this.#kernelSources = kernelSources;
    this.#tree = tree;
    this.#readElsewhere = readElsewhere;
  }

  /**
   * The text of a file of the user's or of the kernel's; undefined where there is none.
   * @throws LabError (rejects) when the kernel's sources cannot be fetched; the next call tries again
   */
  async read(path: string): Promise<string | undefined> {
    if (this.#tree.exists(path) && this.#tree.stat(path).kind === "file") {
      return new TextDecoder().decode(this.#tree.readFile(path));
    }
    return (await this.#kernelSources.read(path)) ?? this.#readElsewhere(path);
  }
}
