import type { FileTree } from "../files/index.js";
import { Emitter, type Event } from "../machine/emitter.js";
import type { Arch } from "../machine/machine.js";
import { LabError } from "./errors.js";
import type { Images } from "./images.js";
import { KernelSources } from "./kernel-sources.js";
import { PackArchive } from "./pack-archive.js";
import { type PackFile, readPackIndex } from "./pack-index.js";

/** What becomes of a pack that the guest opens a file of. */
export type PackFetch =
  | { readonly state: "fetching" | "fetched"; readonly pack: string; readonly bytes: number }
  /** The guest's program was told of an I/O error. The next one to open a file tries again. */
  | { readonly state: "failed"; readonly pack: string; readonly error: LabError };

/** Programs and sources that the guest has without their being part of its start. */
export class Packs {
  /** For a host that shows them; fetched once for both. */
  readonly kernelSources: KernelSources;
  readonly #archives: readonly PackArchive[];
  readonly #fetches = new Emitter<PackFetch>();
  /** A pack is fetched, or could not be: for a progress display, and for a word of warning. */
  readonly onFetch: Event<PackFetch> = this.#fetches.on;
  /** Those whose end is yet to be told. */
  readonly #awaited = new Set<PackArchive>();

  /** @throws LabError `image-missing` or `image-corrupt` */
  static async open(images: Images, arch: Arch, signal?: AbortSignal): Promise<Packs> {
    const packs = await readPackIndex(images, arch, signal);
    return new Packs(packs.map((pack) => new PackArchive(images, pack)));
  }

  private constructor(archives: readonly PackArchive[]) {
    this.#archives = archives;
    this.kernelSources = new KernelSources(archives);
  }

  /** Puts all files into a tree, each pack in a directory of its name. Fetches nothing. */
  install(tree: FileTree): void {
    for (const archive of this.#archives) {
      for (const file of archive.pack.files) this.#installFile(tree, archive, file);
    }
  }

  #installFile(tree: FileTree, archive: PackArchive, [path, mode, size]: PackFile): void {
    const { name, modified } = archive.pack;
    const place = `${name}/${path}`;
    tree.writeLazyFile(place, { size, load: () => this.#load(archive, path) }, { mode });
    // A debugger warns of sources that are newer than what was made of them.
    tree.setAttributes(place, { modified: { seconds: modified, nanoseconds: 0 } });
  }

  async #load(archive: PackArchive, path: string): Promise<Uint8Array> {
    if (!archive.isHere && !this.#awaited.has(archive)) await this.#fetch(archive);
    return archive.read(path);
  }

  async #fetch(archive: PackArchive): Promise<void> {
    const { name: pack, bytes } = archive.pack;
    this.#awaited.add(archive);
    this.#fetches.emit({ state: "fetching", pack, bytes });
    try {
      await archive.fetch();
    } catch (cause) {
      this.#fetches.emit({ state: "failed", pack, error: asLabError(pack, cause) });
      throw cause;
    } finally {
      this.#awaited.delete(archive);
    }
    this.#fetches.emit({ state: "fetched", pack, bytes });
  }
}

function asLabError(pack: string, cause: unknown): LabError {
  if (cause instanceof LabError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LabError("image-corrupt", `The pack ${pack} cannot be unpacked: ${reason}.`, {
    cause,
  });
}
