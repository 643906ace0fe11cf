import { ToolchainError } from "../errors.js";
import { isRecord, isStringList, parseJson } from "../narrow.js";
import { FileLayer } from "../wasi/file-layer.js";

/** Some of a kernel's headers, which come all at once. */
export interface HeaderPack {
  readonly name: string;
  /** The image that they are in: a gzipped tar archive of plain files. */
  readonly archive: string;
  /** Size of that image. */
  readonly bytes: number;
  /** From the top of the kernel's tree. */
  readonly files: readonly string[];
}

/**
 * The first pack has what most modules include, and what their build needs besides headers.
 * @throws ToolchainError `bad-recipe`
 */
export function parseHeaderIndex(text: string): HeaderPack[] {
  const value = parseJson(text);
  if (isRecord(value) && Array.isArray(value.packs) && value.packs.every(isPack)) {
    return value.packs;
  }
  throw new ToolchainError(
    "bad-recipe",
    "headers.json is no list of headers of this version: images and program do not belong together.",
  );
}

/** The headers of a kernel: those that are here, and the names of all. */
export class KernelHeaders {
  readonly #tree: string;
  readonly #packs: readonly HeaderPack[];
  /** By absolute path, which pack has a file that is not here. */
  readonly #elsewhere = new Map<string, string>();
  readonly #layers = new Map<string, FileLayer>();

  /** @param tree where the kernel's tree is for the compiler */
  constructor(tree: string, packs: readonly HeaderPack[]) {
    this.#tree = tree;
    this.#packs = packs;
    for (const { name, files } of packs) {
      for (const path of files) this.#elsewhere.set(`${tree}/${path}`, name);
    }
  }

  /** What the compiler finds. */
  get layers(): readonly FileLayer[] {
    return [...this.#layers.values()];
  }

  /** What it could find after fetching. */
  get elsewhere(): { has(path: string): boolean } {
    return this.#elsewhere;
  }

  has(pack: string): boolean {
    return this.#layers.has(pack);
  }

  /** @param files by path from the top of the tree; not copied */
  add(pack: string, files: ReadonlyMap<string, Uint8Array>): void {
    const placed = [...files].map(([path, bytes]) => [`${this.#tree}/${path}`, bytes] as const);
    this.#layers.set(pack, new FileLayer(placed));
    // All that it should have: what it lacks is nowhere.
    for (const path of this.#packs.find(({ name }) => name === pack)?.files ?? []) {
      this.#elsewhere.delete(`${this.#tree}/${path}`);
    }
  }

  /** The packs that have these files, by absolute path. */
  packsWith(paths: readonly string[]): string[] {
    const packs = paths.flatMap((path) => this.#elsewhere.get(path) ?? []);
    return [...new Set(packs)];
  }

  /** As it would stand between the brackets of an #include: all headers, for a suggestion. */
  includeNames(): string[] {
    const names = this.#packs.flatMap(({ files }) =>
      files.flatMap((path) => INCLUDED_AS.exec(path)?.[1] ?? []),
    );
    return [...new Set(names)];
  }
}

/** Below which folders the compiler looks: the `-I` of kbuild's LINUXINCLUDE (the top Makefile). */
const INCLUDED_AS =
  /^(?:arch\/\w+\/)?include\/(?:uapi\/|generated\/uapi\/|generated\/(?!autoconf|uapi))?(\S+\.h)$/;

function isPack(value: unknown): value is HeaderPack {
  return (
    isRecord(value) &&
    typeof value.name === "string" &&
    typeof value.archive === "string" &&
    typeof value.bytes === "number" &&
    isStringList(value.files)
  );
}
