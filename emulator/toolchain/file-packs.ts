import { ToolchainError } from "./errors.js";
import { isRecord, isStringList, parseJson } from "./narrow.js";
import { FileLayer, parentOf } from "./wasi/file-layer.js";

/** Files for the compiler that come all at once, when one of them is first wanted. */
export interface FilePack {
  readonly name: string;
  /** The image that they are in: a gzipped tar archive of plain files. */
  readonly archive: string;
  /** Size of that image. */
  readonly bytes: number;
  /** From the folder that the pack is for. */
  readonly files: readonly string[];
}

/**
 * Reads a list of packs; the first of them is what every build needs.
 * @throws ToolchainError `bad-recipe`
 */
export function parsePacks(text: string): FilePack[] {
  const value = parseJson(text);
  if (isRecord(value) && Array.isArray(value.packs) && value.packs.every(isPack)) {
    return value.packs;
  }
  throw new ToolchainError(
    "bad-recipe",
    "That is no list of files of this version: images and program do not belong together.",
  );
}

/** The files of some packs: those that are here, and the names of all. */
export class FilePacks {
  readonly #folder: string;
  /** What they hold, here or not. */
  readonly packs: readonly FilePack[];
  /** By absolute path, which pack has a file that is not here. */
  readonly #elsewhere = new Map<string, string>();
  readonly #layers = new Map<string, FileLayer>();
  /** The folders of all: in one that is not there clang does not even look for a file. */
  readonly #folders: FileLayer;

  /** @param folder where the files are for the compiler, an absolute path; "" for the root */
  constructor(folder: string, packs: readonly FilePack[]) {
    this.#folder = folder;
    this.packs = packs;
    for (const { name, files } of packs) {
      for (const path of files) this.#elsewhere.set(`${folder}/${path}`, name);
    }
    this.#folders = new FileLayer([], new Set([...this.#elsewhere.keys()].map(parentOf)));
  }

  /** What the compiler finds. */
  get layers(): readonly FileLayer[] {
    return [...this.#layers.values(), this.#folders];
  }

  /** What it could find after fetching. */
  get elsewhere(): { has(path: string): boolean } {
    return this.#elsewhere;
  }

  has(pack: string): boolean {
    return this.#layers.has(pack);
  }

  /** @param files by path from the folder; not copied */
  add(pack: string, files: ReadonlyMap<string, Uint8Array>): void {
    const placed = [...files].map(([path, bytes]) => [`${this.#folder}/${path}`, bytes] as const);
    this.#layers.set(pack, new FileLayer(placed));
    // All that it should have: what it lacks is nowhere.
    for (const path of this.packs.find(({ name }) => name === pack)?.files ?? []) {
      this.#elsewhere.delete(`${this.#folder}/${path}`);
    }
  }

  /** The packs that have these files, by absolute path. */
  packsWith(paths: readonly string[]): string[] {
    const packs = paths.flatMap((path) => this.#elsewhere.get(path) ?? []);
    return [...new Set(packs)];
  }
}

function isPack(value: unknown): value is FilePack {
  return (
    isRecord(value) &&
    typeof value.name === "string" &&
    typeof value.archive === "string" &&
    typeof value.bytes === "number" &&
    isStringList(value.files)
  );
}
