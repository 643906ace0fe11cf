import {
  type FileLayer,
  type FileNode,
  type FolderNode,
  type Node,
  nameOf,
  nextNodeNumber,
  normalPath,
  parentOf,
} from "./file-layer.js";

export interface ProgramFilesOptions {
  /** What the program finds; of two layers with the same path, the first counts. */
  readonly layers: readonly FileLayer[];
  /** Folders that are there for it to write to, made when no layer has them. */
  readonly folders?: readonly string[];
  /**
   * Files that could be had, but are not here: that the program looked for one is told afterwards,
   * so that it can be run once more with them.
   */
  readonly elsewhere?: { has(path: string): boolean };
  /** Bytes that the program may write in all; {@link DEFAULT_WRITE_LIMIT} when absent. */
  readonly writeLimit?: number;
}

/** An object of a 10 MB source is smaller. */
const DEFAULT_WRITE_LIMIT = 256 * 1024 * 1024;

export type FileFailure =
  | "not-found"
  | "exists"
  | "not-a-folder"
  | "is-a-folder"
  | "not-empty"
  | "read-only"
  | "no-space";

/** The files of one run of a program: what it was given, and what it makes of them. */
export class ProgramFiles {
  readonly #layers: readonly FileLayer[];
  readonly #elsewhere: { has(path: string): boolean } | undefined;
  /** What this run made; `undefined` for what it removed. */
  readonly #own = new Map<string, Node | undefined>();
  readonly #missed = new Set<string>();
  #room: number;

  constructor(options: ProgramFilesOptions) {
    this.#layers = options.layers;
    this.#elsewhere = options.elsewhere;
    this.#room = options.writeLimit ?? DEFAULT_WRITE_LIMIT;
    for (const folder of ["/", ...(options.folders ?? [])]) this.#makeFolders(normalPath(folder));
  }

  /** Paths of files elsewhere that the program looked for. */
  get missed(): readonly string[] {
    return [...this.#missed];
  }

  /** @param path as `normalPath` gives it; so everywhere here */
  find(path: string): Node | undefined {
    if (this.#own.has(path)) return this.#own.get(path);
    for (const layer of this.#layers) {
      const node = layer.find(path);
      if (node !== undefined) return node;
    }
    if (this.#elsewhere?.has(path)) this.#missed.add(path);
    return undefined;
  }

  /** The content of a file; undefined if there is none. */
  read(path: string): Uint8Array | undefined {
    const node = this.find(path);
    return node?.kind === "file" ? node.bytes.slice(0, node.size) : undefined;
  }

  /** Makes an empty file. */
  createFile(path: string): FileNode | FileFailure {
    const bad = this.#whyNotIn(parentOf(path)) ?? (this.find(path) && "exists");
    if (bad !== undefined) return bad;
    const node = newFile();
    this.#own.set(path, node);
    return node;
  }

  /** Empties a file; one that was given stays as it is, and the run has one of its own instead. */
  emptied(path: string, node: FileNode): FileNode {
    if (node.writable) {
      this.resize(node, 0);
      return node;
    }
    const own = newFile();
    this.#own.set(path, own);
    return own;
  }

  createFolder(path: string): FileFailure | undefined {
    const bad = this.#whyNotIn(parentOf(path)) ?? (this.find(path) && "exists");
    if (bad === undefined) this.#own.set(path, newFolder());
    return bad;
  }

  /** Takes a file's name away. Whoever has it open keeps it. */
  unlink(path: string): FileNode | FileFailure {
    const node = this.find(path);
    if (node === undefined) return "not-found";
    if (node.kind === "folder") return "is-a-folder";
    this.#own.set(path, undefined);
    return node;
  }

  /**
   * Gives a file a name, in the place of another file's. After `unlink` that is a rename; clang
   * renames the object while it still writes to it.
   */
  link(path: string, node: FileNode): FileFailure | undefined {
    const bad = this.#whyNotIn(parentOf(path));
    if (bad !== undefined) return bad;
    if (this.find(path)?.kind === "folder") return "is-a-folder";
    this.#own.set(path, node);
    return undefined;
  }

  removeFolder(path: string): FileFailure | undefined {
    const node = this.find(path);
    if (node === undefined) return "not-found";
    if (node.kind === "file") return "not-a-folder";
    if (this.names(path).length > 0) return "not-empty";
    this.#own.set(path, undefined);
    return undefined;
  }

  /** The names in a folder, sorted. */
  names(folder: string): string[] {
    const names = new Set<string>();
    for (const layer of this.#layers) for (const name of layer.names(folder)) names.add(name);
    for (const path of this.#own.keys()) {
      if (path !== "/" && parentOf(path) === folder) names.add(nameOf(path));
    }
    const prefix = folder === "/" ? "/" : `${folder}/`;
    return [...names].filter((name) => this.find(prefix + name) !== undefined).sort();
  }

  /** Writes to a file, which grows as needed. */
  write(node: FileNode, offset: number, data: Uint8Array): FileFailure | undefined {
    const failure = this.resize(node, Math.max(node.size, offset + data.length));
    if (failure === undefined) node.bytes.set(data, offset);
    return failure;
  }

  /** Cuts a file, or fills it up with zeros. */
  resize(node: FileNode, size: number): FileFailure | undefined {
    if (!node.writable) return "read-only";
    if (size - node.size > this.#room) return "no-space";
    if (size > node.bytes.length) {
      // Twice as much each time: a file is written in thousands of small pieces.
      const larger = new Uint8Array(Math.max(size, 2 * node.bytes.length));
      larger.set(node.bytes.subarray(0, node.size));
      node.bytes = larger;
    } else if (size < node.size) {
      node.bytes.fill(0, size, node.size);
    }
    this.#room -= size - node.size;
    node.size = size;
    return undefined;
  }

  #whyNotIn(folder: string): FileFailure | undefined {
    const node = this.find(folder);
    if (node === undefined) return "not-found";
    return node.kind === "folder" ? undefined : "not-a-folder";
  }

  #makeFolders(path: string): void {
    if (this.find(path) !== undefined) return;
    if (path !== "/") this.#makeFolders(parentOf(path));
    this.#own.set(path, newFolder());
  }
}

function newFile(): FileNode {
  return {
    kind: "file",
    number: nextNodeNumber(),
    bytes: new Uint8Array(),
    size: 0,
    writable: true,
  };
}

function newFolder(): FolderNode {
  return { kind: "folder", number: nextNodeNumber() };
}
