/** A file as a program sees it. Its number, not its name, says which file it is. */
export interface FileNode {
  readonly kind: "file";
  /** What WASI calls inode: clang takes two names with the same number for one file. */
  readonly number: bigint;
  /** The content; a file that is being written has room behind it. */
  bytes: Uint8Array;
  size: number;
  readonly writable: boolean;
}

export interface FolderNode {
  readonly kind: "folder";
  readonly number: bigint;
}

export type Node = FileNode | FolderNode;

let lastNumber = 1n;

/** A number that no other node has, in whatever tree. */
export function nextNodeNumber(): bigint {
  return ++lastNumber;
}

/** Files that do not change, by absolute path: made once, and seen by any number of programs. */
export class FileLayer {
  readonly #nodes = new Map<string, Node>();
  readonly #names = new Map<string, Set<string>>();

  /**
   * @param files by absolute, normal path; the bytes are not copied.
   * @param folders that are there, too, with nothing in them or more
   */
  constructor(
    files: Iterable<readonly [path: string, bytes: Uint8Array]>,
    folders: Iterable<string> = [],
  ) {
    for (const [path, bytes] of files) {
      this.#nodes.set(path, {
        kind: "file",
        number: nextNodeNumber(),
        bytes,
        size: bytes.length,
        writable: false,
      });
      this.#addToFolder(path);
    }
    for (const path of folders) this.#addFolder(path);
  }

  find(path: string): Node | undefined {
    return this.#nodes.get(path);
  }

  /** The names in a folder, in no particular order. */
  names(folder: string): Iterable<string> {
    return this.#names.get(folder) ?? [];
  }

  #addToFolder(path: string): void {
    this.#addFolder(parentOf(path)).add(nameOf(path));
  }

  /** @returns the names in it */
  #addFolder(path: string): Set<string> {
    const known = this.#names.get(path);
    if (known !== undefined) return known;
    const names = new Set<string>();
    this.#names.set(path, names);
    this.#nodes.set(path, { kind: "folder", number: nextNodeNumber() });
    if (path !== "/") this.#addToFolder(path);
    return names;
  }
}

/** The folder that a path lies in; of `/` it is `/`. */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/**
 * An absolute path without `.`, `..` and empty parts. There are no symbolic links here, so `a/..`
 * is nothing.
 * @param path relative to `/`
 */
export function normalPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The absolute, normal path of what a path names that may start from a folder. */
export function absolutePath(folder: string, path: string): string {
  return normalPath(path.startsWith("/") ? path : `${folder}/${path}`);
}
