import { mkdir, readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import type { ArchivePackages } from "./archive-packages.js";
import { findPackage, type Package } from "./packages.js";
import { type RunOptions, run } from "./run.js";

/** Where a build happens. All paths are absolute. */
export interface Folders {
  /** `kernel-src/`. */
  readonly source: string;
  /** Everything that is built; may be deleted at any time. */
  readonly work: string;
}

/** What a stage builds with. */
export class Workspace {
  readonly folders: Folders;
  readonly packages: readonly Package[];
  readonly #archive: ArchivePackages;
  readonly #stage: string;

  constructor(
    folders: Folders,
    packages: readonly Package[],
    archive: ArchivePackages,
    stage: string,
  ) {
    this.folders = folders;
    this.packages = packages;
    this.#archive = archive;
    this.#stage = stage;
  }

  get log(): string {
    return join(this.folders.work, "log", `${this.#stage}.log`);
  }

  /** A path below `kernel-src/`. */
  source(...parts: string[]): string {
    return join(this.folders.source, ...parts);
  }

  /** A path below the work folder. */
  work(...parts: string[]): string {
    return join(this.folders.work, ...parts);
  }

  /** Where the output of this path below `images/` is put until it is published. */
  output(path: string): string {
    return join(this.folders.work, "out", path);
  }

  async writeOutput(path: string, content: Uint8Array | string): Promise<void> {
    const file = this.output(path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  /** The folder with the content of a package of `packages.json`. */
  unpacked(name: string): Promise<string> {
    return this.#archive.unpacked(findPackage(this.packages, name));
  }

  run(
    command: string,
    args: readonly string[],
    options: Omit<RunOptions, "log"> = {},
  ): Promise<Buffer> {
    return run(command, args, { ...options, log: this.log });
  }

  /**
   * Compresses with gzip(1): its output is the same everywhere, while zlib's depends on the
   * version that Node was built with.
   */
  gzip(content: Uint8Array): Promise<Buffer> {
    return this.run("gzip", ["-9", "--no-name", "--stdout"], { input: content });
  }

  /** What the configured kernel tree says of itself. */
  async kernelTree(): Promise<KernelTree> {
    return JSON.parse(await readFile(this.work("kernel-tree.json"), "utf8")) as KernelTree;
  }

  get jobs(): number {
    return availableParallelism();
  }
}

/** Written by the stage that unpacks and configures the kernel. */
export interface KernelTree {
  /** As `uname -r` will print it. */
  readonly release: string;
  /** When Debian made this version of the source: seconds since 1970. All files get this time. */
  readonly sourceDate: number;
}
