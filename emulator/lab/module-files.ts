import { buildIdInNotes, readBuildId } from "../debuginfo/elf/build-id.js";
import { parseElf } from "../debuginfo/elf.js";
import { readModuleInfo } from "../debuginfo/module-info.js";
import type { FileTree } from "../files/index.js";

/** Builds of one module that are kept: an edit or two back is what a report can still be about. */
const KEPT_BUILDS = 4;
/** Modules whose files are kept, the least recently opened going first. */
const KEPT_MODULES = 32;

/** Larger files are not read: no module is, and the guest can have as many as it likes. */
const LARGEST_MODULE_BYTES = 64 * 1024 * 1024;
/** Folders in folders that are looked into. */
const DEEPEST_FOLDER = 12;

/** A module's file as it was when the guest opened it. */
export interface ModuleFile {
  /** From the root of the tree. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

interface NamedModule {
  readonly name: string;
  readonly file: ModuleFile;
}

/**
 * The files of the modules that a guest has loaded. A report names a module and no file, and
 * the file may have been built anew since: so they are kept as the guest opened them.
 */
export class ModuleFiles {
  readonly #tree: FileTree;
  readonly #folder: string;
  /** By module, the newest file last. */
  readonly #opened = new Map<string, ModuleFile[]>();

  /** @param folder where modules are looked for that the guest has not opened yet. */
  constructor(tree: FileTree, folder: string) {
    this.#tree = tree;
    this.#folder = folder;
  }

  /** The guest has opened a file of the tree, to load it as a module for example. */
  opened(path: string): void {
    const module = this.#read(path);
    if (module === undefined) return;
    const { name, file } = module;
    const others = (this.#opened.get(name) ?? []).filter(
      (other) => other.path !== path || !sameBytes(other.bytes, file.bytes),
    );
    this.#opened.delete(name);
    this.#opened.set(name, [...others, file].slice(-KEPT_BUILDS));
    const [oldest] = this.#opened.keys();
    if (this.#opened.size > KEPT_MODULES && oldest !== undefined) this.#opened.delete(oldest);
  }

  /**
   * The file of a module that the guest opened last; with the notes of one that is loaded, the
   * last of those that it was loaded from: a file that the kernel then refused was opened, too.
   * @param notes /sys/module/NAME/notes/.note.gnu.build-id; empty where there is none
   */
  lastOpened(module: string, notes: Uint8Array = new Uint8Array()): ModuleFile | undefined {
    const files = this.#opened.get(module) ?? [];
    const buildId = buildIdInNotes(notes, `/sys/module/${module}`);
    return buildId === undefined
      ? files.at(-1)
      : files.findLast(({ bytes }) => readBuildId(parseElf(bytes)) === buildId);
  }

  /**
   * The files that may be a module's, the likeliest first: those that the guest opened, the
   * last one first, then those in the tree, for a module loaded before the lab looked.
   */
  candidates(module: string): ModuleFile[] {
    const opened = [...(this.#opened.get(module) ?? [])].reverse();
    const present = [...this.#modules(this.#folder, DEEPEST_FOLDER)].filter(
      ({ name }) => name === module,
    );
    return [...opened, ...present.map(({ file }) => file)];
  }

  /** All modules below a folder. */
  *#modules(folder: string, depth: number): Iterable<NamedModule> {
    for (const entry of this.#tree.list(folder)) {
      const path = `${folder}/${entry}`;
      const isFolder = this.#tree.stat(path).kind === "directory";
      if (isFolder && depth > 0) yield* this.#modules(path, depth - 1);
      const module = this.#read(path);
      if (module !== undefined) yield module;
    }
  }

  #read(path: string): NamedModule | undefined {
    if (!path.endsWith(".ko") || !this.#tree.exists(path)) return undefined;
    const { kind, size } = this.#tree.stat(path);
    if (kind !== "file" || size > LARGEST_MODULE_BYTES) return undefined;
    try {
      const bytes = this.#tree.readFile(path);
      // The module loader takes "-" in a file's name for "_"; the section has it so already.
      const name = readModuleInfo(bytes)?.name;
      return name === undefined ? undefined : { name, file: { path, bytes } };
    } catch {
      // No module: the kernel said so to whoever wanted to load it.
      return undefined;
    }
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
