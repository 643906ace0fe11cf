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

  /** @param files by absolute, normal path; the bytes are not copied. */
  constructor(files: Iterable<readonly [path: string, bytes: Uint8Array]>) {
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
  }

  find(path: string): Node | undefined {
    return this.#nodes.get(path);
  }

  /** The names in a folder, in no particular order. */
  names(folder: string): Iterable<string> {
    return this.#names.get(folder) ?? [];
  }

  #addToFolder(path: string): void {
    const folder = parentOf(path);
    const names = this.#names.get(folder);
    if (names !== undefined) {
      names.add(nameOf(path));
      return;
    }
    this.#names.set(folder, new Set([nameOf(path)]));
    this.#nodes.set(folder, { kind: "folder", number: nextNodeNumber() });
    if (folder !== "/") this.#addToFolder(folder);
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
