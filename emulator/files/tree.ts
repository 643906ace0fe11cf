import type { Event } from "../machine/emitter.js";
import { changesBelow, type TreeChange } from "./changes.js";
import type { Entry } from "./directory-entries.js";
import { FileError } from "./errors.js";
import { type AttributeChanges, contentOf, NodeContents } from "./node-content.js";
import type { NewNode, NodeContent } from "./node-factory.js";
import { NodeStore } from "./node-store.js";
import type { DirectoryNode, FileContent, FileNode, LazyContent, Node } from "./nodes.js";
import { findEntry, pathFrom, splitPath, stepInto } from "./paths.js";
import { Space } from "./space.js";
import { type FileStat, statOf } from "./stat.js";
import type { Volume } from "./volume.js";

/** What a lab's files may take of the host's memory. */
const DEFAULT_BYTE_LIMIT = 256 * 1024 * 1024;

/** A node and its name take some 600 bytes of the host: at most about 80 MB. */
const DEFAULT_ENTRY_LIMIT = 131_072;

/** Largest piece that one read by the host delivers; a file may have holes far larger. */
const HOST_READ_MAX = 2 ** 30;

export interface FileTreeOptions {
  /** Bytes that all files together may take; 256 MiB. More is answered with ENOSPC. */
  readonly byteLimit?: number;
  /** Files, directories and links that there may be; 131,072. */
  readonly entryLimit?: number;
  /** The time for timestamps, in milliseconds since 1970; `Date.now`. */
  readonly now?: () => number;
  /** Of the root directory. Mode 0o755 and owner 0:0. */
  readonly root?: FileAttributes;
  /** Tells this tree from every other one there ever was, in saved sessions. Random. */
  readonly id?: string;
  /** False: what is in it can be changed by the host only. True. */
  readonly guestMayWrite?: boolean;
}

/** A tree in a directory of another one has the other one's clock and id. */
export type SubtreeOptions = Omit<FileTreeOptions, "now" | "id">;

/** Attributes of a file that the host makes. Mode is what chmod takes. */
export interface FileAttributes {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * A tree of files in the host's memory, with the semantics of POSIX. The guest mounts it over
 * 9P (see `NinePServer`); the host works on it by paths. It is no part of the guest's memory:
 * a guest that goes back to a checkpoint finds the files as they are, not as they were.
 *
 * Paths begin at the tree's root, with or without "/". Symbolic links are not followed: their
 * targets are paths in the guest, whose other file systems are not known here, and no link that
 * a guest makes can turn the host's writes to another file.
 *
 * Every method throws a {@link FileError} when it cannot do what is asked, and has then changed
 * nothing, except that directories may have been made on the way.
 */
export class FileTree {
  readonly id: string;
  /** The nodes below the paths, for the 9P server. */
  readonly nodes: NodeStore;
  readonly contents: NodeContents;
  /**
   * Each change, after it was made, by the guest too. A listener that throws makes the operation
   * fail for its caller though it was done.
   */
  readonly onChange: Event<TreeChange>;
  readonly #root: Entry;

  constructor(options?: FileTreeOptions);
  /** @param within the tree around it, and the new directory there that is to be its root */
  constructor(options: SubtreeOptions, within: { readonly tree: FileTree; readonly path: string });
  constructor(
    options: FileTreeOptions = {},
    within?: { readonly tree: FileTree; readonly path: string },
  ) {
    const volume: Volume = {
      space: new Space({
        bytes: options.byteLimit ?? DEFAULT_BYTE_LIMIT,
        entries: options.entryLimit ?? DEFAULT_ENTRY_LIMIT,
      }),
      guestMayWrite: options.guestMayWrite ?? true,
    };
    const attributes = attributesOf(options.root, 0o755);
    if (within === undefined) {
      this.id = options.id ?? randomId();
      this.nodes = new NodeStore(volume, options.now ?? Date.now, attributes);
      this.contents = new NodeContents(this.nodes);
      this.#root = this.nodes.rootEntry;
      this.onChange = this.nodes.changes.on;
    } else {
      const { tree, path } = within;
      this.id = tree.id;
      this.nodes = tree.nodes;
      this.contents = tree.contents;
      this.#root = tree.#create(path, { kind: "directory" }, attributes, volume);
      this.onChange = changesBelow(tree.onChange, (outer) => this.pathWithin(outer, tree));
    }
  }

  /** What a path of a tree around this one is called here; undefined when it lies elsewhere. */
  pathWithin(outer: string, tree: FileTree): string | undefined {
    const root = tree.#pathOf(this.#root);
    return root === undefined ? undefined : pathFrom(root, outer);
  }

  /** What the tree takes and may take. */
  get usage(): { bytes: number; byteLimit: number; entries: number; entryLimit: number } {
    const { bytes, entries, limits } = this.#root.node.volume.space;
    return { bytes, byteLimit: limits.bytes, entries, entryLimit: limits.entries };
  }

  /**
   * Writes a whole file; the bytes are copied. Makes the directories on the way, with the file's
   * owner. A file that exists stays the same file, with its other attributes, also for a guest
   * that has it open.
   * @throws FileError EISDIR, ENOTDIR, ELOOP, ENOSPC, EINVAL, ENAMETOOLONG
   */
  writeFile(path: string, bytes: Uint8Array, attributes: FileAttributes = {}): void {
    this.#putFile(path, { state: "loaded", bytes: contentOf(bytes) }, attributes);
  }

  /** As {@link writeFile}, but the content is fetched when the file is first opened. */
  writeLazyFile(path: string, source: LazyContent, attributes: FileAttributes = {}): void {
    this.#putFile(path, { state: "lazy", source, loading: null }, attributes);
  }

  /**
   * The content of a file, copied.
   * @throws FileError ENOENT, EISDIR, EINVAL (no regular file), EAGAIN (await `load` first), EFBIG
   */
  readFile(path: string): Uint8Array {
    return this.read(path, 0, Number.POSITIVE_INFINITY);
  }

  /** Up to `length` bytes of a file from `offset` on; fewer at its end. Throws as readFile. */
  read(path: string, offset: number, length: number): Uint8Array {
    const bytes = this.contents.bytes(this.#file(path));
    const available = Math.max(0, Math.min(length, bytes.size - offset));
    if (available > HOST_READ_MAX) {
      throw new FileError(
        "EFBIG",
        `"${path}" has ${bytes.size} bytes, too many for one array; use read() for a part`,
        path,
      );
    }
    const target = new Uint8Array(available);
    bytes.read(offset, target);
    return target;
  }

  /** Makes sure that a file's content is there. @throws FileError (rejects) EIO, ENOSPC, ENOENT */
  async load(path: string): Promise<void> {
    await this.contents.load(this.#file(path));
  }

  /** @throws FileError ENOENT */
  stat(path: string): FileStat {
    return statOf(this.#entry(path).node);
  }

  exists(path: string): boolean {
    return findEntry(this.#root, path) !== undefined;
  }

  /** The names in a directory, sorted. @throws FileError ENOENT, ENOTDIR */
  list(path: string): string[] {
    const directory = stepInto(this.#entry(path), path);
    return directory.entries
      .all()
      .map((entry) => entry.name)
      .sort();
  }

  /** Makes a directory and those on the way to it; a directory that exists stays as it is. */
  mkdir(path: string, attributes: FileAttributes = {}): void {
    const present = findEntry(this.#root, path);
    if (present !== undefined) stepInto(present, path);
    else this.#create(path, { kind: "directory" }, attributesOf(attributes, 0o755));
  }

  /** Makes a symbolic link. @throws FileError EEXIST, and as writeFile */
  symlink(path: string, target: string, attributes: FileAttributes = {}): void {
    this.#create(path, { kind: "symlink", target }, attributesOf(attributes, 0o777));
  }

  /** Where a symbolic link points to. @throws FileError ENOENT, EINVAL (no link) */
  readLink(path: string): string {
    const { node } = this.#entry(path);
    if (node.kind === "symlink") return node.target;
    throw new FileError("EINVAL", `"${path}" is a ${node.kind}, no symbolic link`, path);
  }

  /** Moves a file or directory, and replaces what has the new path, as rename(2) does. */
  rename(from: string, to: string): void {
    const entry = this.#entry(from);
    const { directory, name } = this.#parentOf(to);
    this.nodes.rename(entry, directory, name, "host");
  }

  /** Sets attributes; those left out stay. @throws FileError ENOENT */
  setAttributes(path: string, changes: AttributeChanges): void {
    this.contents.setAttributes(this.#entry(path).node, changes, "host");
  }

  /**
   * Removes a file, or a directory: an empty one, or with `recursive` all that is in it. A guest
   * that has a removed file open can still use it.
   * @throws FileError ENOENT, ENOTEMPTY, EBUSY (the root)
   */
  remove(path: string, options: { readonly recursive?: boolean } = {}): void {
    const entry = this.#entry(path);
    if (entry === this.#root) {
      throw new FileError(
        "EBUSY",
        "the root directory cannot be removed; name what is in it",
        path,
      );
    }
    // Not by recursion: a guest can nest directories deeper than the host's stack.
    const order = options.recursive === true ? withContent(entry) : [entry];
    for (const next of order.reverse()) this.nodes.remove(next, "host");
  }

  /**
   * All that is below a path, each directory before its content, names in order. The tree may be
   * changed meanwhile: what is not there any more when its turn comes is left out.
   * @throws FileError ENOENT
   */
  *walk(path = "/"): Generator<{ readonly path: string; readonly stat: FileStat }> {
    const pending = [this.#entry(path)];
    for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
      const { node } = entry;
      const at = this.#pathOf(entry);
      if (at === undefined) continue;
      yield { path: at, stat: statOf(node) };
      if (node.kind !== "directory") continue;
      // The last one pushed comes first.
      const inside = node.entries.all().sort((a, b) => (a.name < b.name ? 1 : -1));
      for (const next of inside) pending.push(next);
    }
  }

  #putFile(path: string, content: FileContent, attributes: FileAttributes): void {
    const present = findEntry(this.#root, path);
    if (present === undefined) {
      this.#create(path, { kind: "file", content }, attributesOf(attributes, 0o644));
      return;
    }
    const file = regularFile(present.node, path);
    this.contents.replace(file, content, "host");
    if (Object.keys(attributes).length > 0) {
      this.contents.setAttributes(file, attributes, "host");
    }
  }

  #create(path: string, content: NodeContent, attributes: NewNode, volume?: Volume): Entry {
    const names = splitPath(path);
    const name = names.pop();
    if (name === undefined) throw new FileError("EEXIST", `"${path}" is the root directory`, path);
    // Whatever the mode of what is made, who may use it must be able to get there.
    const parents = { ...attributes, mode: 0o755 };
    const directory = this.#makeDirectories(names, path, parents);
    return this.nodes.create(directory, name, attributes, content, "host", volume);
  }

  #makeDirectories(names: readonly string[], path: string, attributes: NewNode): DirectoryNode {
    let directory = stepInto(this.#root, path);
    for (const name of names) {
      const entry =
        directory.entries.get(name) ??
        this.nodes.create(directory, name, attributes, { kind: "directory" }, "host");
      directory = stepInto(entry, path);
    }
    return directory;
  }

  #parentOf(path: string): { directory: DirectoryNode; name: string } {
    const names = splitPath(path);
    const name = names.pop();
    if (name === undefined) throw new FileError("EBUSY", `"${path}" is the root directory`, path);
    return { directory: stepInto(this.#entry(names.join("/")), path), name };
  }

  #entry(path: string): Entry {
    const names = splitPath(path);
    let entry = this.#root;
    for (const name of names) {
      const next = stepInto(entry, path).entries.get(name);
      if (next === undefined) {
        throw new FileError(
          "ENOENT",
          `there is no "${path}": no "${name}" in "${entry.name}/"`,
          path,
        );
      }
      entry = next;
    }
    return entry;
  }

  /** Undefined when it, or a directory above, was removed. */
  #pathOf(entry: Entry): string | undefined {
    const inStore = this.nodes.pathOf(entry);
    const root = this.nodes.pathOf(this.#root);
    return inStore === null || root === null ? undefined : pathFrom(root, inStore);
  }

  #file(path: string): FileNode {
    return regularFile(this.#entry(path).node, path);
  }
}

/** An entry and all that is below it, each directory before its content. */
function withContent(entry: Entry): Entry[] {
  const found = [entry];
  // Grows while it is walked.
  for (const { node } of found) {
    if (node.kind !== "directory") continue;
    for (const inside of node.entries.all()) found.push(inside);
  }
  return found;
}

function regularFile(node: Node, path: string): FileNode {
  if (node.kind === "file") return node;
  if (node.kind === "directory") {
    throw new FileError("EISDIR", `"${path}" is a directory; name a file in it`, path);
  }
  throw new FileError("EINVAL", `"${path}" is a ${node.kind}, no regular file`, path);
}

function attributesOf(attributes: FileAttributes | undefined, mode: number): NewNode {
  return {
    mode: attributes?.mode ?? mode,
    uid: attributes?.uid ?? 0,
    gid: attributes?.gid ?? 0,
  };
}

/** `randomUUID` is missing in pages served over plain HTTP; this is everywhere. */
function randomId(): string {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(words, (word) => word.toString(16).padStart(8, "0")).join("");
}
