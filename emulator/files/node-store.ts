import { Emitter } from "../machine/emitter.js";
import type { Origin, TreeChange } from "./changes.js";
import type { Entry } from "./directory-entries.js";
import { FileError } from "./errors.js";
import { type NewNode, type NodeContent, NodeFactory } from "./node-factory.js";
import { allocatedSize, type DirectoryNode, isRemovedDirectory, type Node } from "./nodes.js";
import { checkName } from "./text.js";
import type { Timestamp } from "./timestamp.js";
import { requireSameVolume, requireWritable, type Volume } from "./volume.js";

/** As ext4 has it (Linux fs/ext4/ext4.h, EXT4_LINK_MAX). */
const LINK_MAX = 65_000;

/**
 * The nodes of a tree and their names: what an inode layer is to a kernel. It works on nodes and
 * entries; paths are the business of `FileTree`, and fids that of the 9P server.
 *
 * Every method that fails throws a FileError and has changed nothing.
 */
export class NodeStore {
  readonly rootEntry: Entry;
  readonly root: DirectoryNode;
  readonly changes = new Emitter<TreeChange>();
  readonly #factory: NodeFactory;
  /** Every node with a reference. */
  readonly #byNumber = new Map<number, Node>();

  /**
   * @param volume of the root, and of all that is not in another
   * @param now the time that new timestamps take, in milliseconds since 1970
   */
  constructor(volume: Volume, now: () => number, rootAttributes: NewNode) {
    this.#factory = new NodeFactory(now);
    this.root = this.#factory.directory(rootAttributes, volume);
    this.rootEntry = { node: this.root, name: "", parent: null };
    this.root.links.push(this.rootEntry);
    this.retain(this.root);
  }

  timestamp(): Timestamp {
    return this.#factory.timestamp();
  }

  /** A node with a name or a holder, by its number. */
  byNumber(number: number): Node | undefined {
    return this.#byNumber.get(number);
  }

  /** The path of an entry from the root, or null when it or a directory above was removed. */
  pathOf(entry: Entry): string | null {
    if (entry === this.rootEntry) return "/";
    const names: string[] = [];
    for (let at = entry; at !== this.rootEntry; ) {
      const above = at.parent?.links[0];
      if (above === undefined) return null;
      names.push(at.name);
      at = above;
    }
    return `/${names.reverse().join("/")}`;
  }

  /** Any entry the node still has a name by; hard links make several. */
  anyEntry(node: Node): Entry | undefined {
    return node.links[0];
  }

  /**
   * Keeps a node's space taken: a node without names lives on while somebody holds it.
   * Undone by {@link release}.
   */
  retain(node: Node): void {
    if (node.references === 0) {
      this.#byNumber.set(node.number, node);
      node.volume.space.addBytes(allocatedSize(node));
    }
    node.references += 1;
  }

  release(node: Node): void {
    node.references -= 1;
    if (node.references === 0) {
      this.#byNumber.delete(node.number);
      node.volume.space.addBytes(-allocatedSize(node));
    }
  }

  /**
   * Makes a node and its first name.
   * @param volume of the node, when it is not the directory's
   * @throws FileError EEXIST, EINVAL, ENAMETOOLONG, ENOENT (the directory was removed), ENOSPC,
   *   EROFS
   */
  create(
    directory: DirectoryNode,
    name: string,
    attributes: NewNode,
    content: NodeContent,
    origin: Origin,
    volume: Volume = directory.volume,
  ): Entry {
    requireWritable(directory.volume, origin);
    const checked = this.#checkFree(directory, name);
    const node = this.#factory.node(attributes, content, volume);
    volume.space.requireBytes(allocatedSize(node));
    const entry: Entry = { node, name: checked, parent: null };
    this.#attach(entry, directory);
    this.#tell(entry, "created", origin);
    return entry;
  }

  /** Gives a node one more name. @throws FileError as create, and EPERM, EMLINK, EXDEV */
  link(node: Node, directory: DirectoryNode, name: string, origin: Origin): Entry {
    requireWritable(directory.volume, origin);
    requireSameVolume(node.volume, directory.volume);
    if (node.kind === "directory") {
      throw new FileError("EPERM", "a directory has one name only; use a symbolic link");
    }
    if (node.links.length === 0) {
      throw new FileError("ENOENT", "the file was removed; its content must be written anew");
    }
    if (node.links.length >= LINK_MAX) {
      throw new FileError("EMLINK", `the file has ${LINK_MAX} names already; remove some`);
    }
    const entry: Entry = { node, name: this.#checkFree(directory, name), parent: null };
    this.#attach(entry, directory);
    node.changed = this.timestamp();
    this.#tell(entry, "created", origin);
    return entry;
  }

  /** Takes a name away. @throws FileError ENOENT, EBUSY (the root), ENOTEMPTY, EROFS */
  remove(entry: Entry, origin: Origin): void {
    requireWritable((entry.parent ?? entry.node).volume, origin);
    this.#checkRemovable(entry);
    const path = this.#unlink(entry);
    if (path !== null) this.changes.emit({ kind: "removed", path, origin });
  }

  /**
   * Moves a name, and replaces what had the new name, as rename(2) does.
   * @throws FileError ENOENT, EBUSY, EINVAL (into itself), EISDIR, ENOTDIR, ENOTEMPTY, EXDEV, …
   */
  rename(entry: Entry, directory: DirectoryNode, name: string, origin: Origin): void {
    requireWritable((entry.parent ?? entry.node).volume, origin);
    requireWritable(directory.volume, origin);
    const checked = checkName(name);
    this.#checkMovable(entry, directory);
    const replaced = directory.entries.get(checked);
    // POSIX: two names of one file, renamed onto each other, both stay.
    if (replaced?.node === entry.node) return;
    if (replaced !== undefined) this.#checkReplaceable(entry, replaced);
    const removed = replaced === undefined ? null : this.#unlink(replaced);
    const from = this.#unlink(entry);
    entry.name = checked;
    this.#attach(entry, directory);
    const path = this.pathOf(entry);
    // Nobody is told before all is done: a listener may look at the tree, or throw.
    if (removed !== null) this.changes.emit({ kind: "removed", path: removed, origin });
    if (from !== null && path !== null) this.changes.emit({ kind: "renamed", from, path, origin });
  }

  /** Tells listeners of a change to a node, by one of its names; of a nameless one nobody. */
  tellOfNode(node: Node, kind: "written" | "attributes", origin: Origin): void {
    const entry = this.anyEntry(node);
    if (entry !== undefined) this.#tell(entry, kind, origin);
  }

  #tell(entry: Entry, kind: "created" | "written" | "attributes", origin: Origin): void {
    const path = this.pathOf(entry);
    if (path !== null) this.changes.emit({ kind, path, origin });
  }

  /** Takes a name away. @returns the path that was */
  #unlink(entry: Entry): string | null {
    const path = this.pathOf(entry);
    this.#detach(entry);
    entry.node.changed = this.timestamp();
    return path;
  }

  #attach(entry: Entry, directory: DirectoryNode): void {
    entry.parent = directory;
    directory.entries.add(entry);
    entry.node.links.push(entry);
    this.retain(entry.node);
    directory.volume.space.addEntries(1);
    if (entry.node.kind === "directory") directory.subdirectories += 1;
    this.#touch(directory);
  }

  #detach(entry: Entry): void {
    const directory = entry.parent;
    if (directory === null) return;
    entry.parent = null;
    directory.entries.remove(entry.name);
    entry.node.links.splice(entry.node.links.indexOf(entry), 1);
    directory.volume.space.addEntries(-1);
    if (entry.node.kind === "directory") directory.subdirectories -= 1;
    this.release(entry.node);
    this.#touch(directory);
  }

  #touch(directory: DirectoryNode): void {
    directory.modified = this.timestamp();
    directory.changed = directory.modified;
    directory.version += 1;
  }

  #checkFree(directory: DirectoryNode, name: string): string {
    const checked = checkName(name);
    if (isRemovedDirectory(directory)) {
      throw new FileError("ENOENT", `the directory for "${checked}" was removed; make it again`);
    }
    if (directory.entries.get(checked) !== undefined) {
      throw new FileError("EEXIST", `"${checked}" exists already; remove it or use another name`);
    }
    directory.volume.space.requireEntry();
    return checked;
  }

  #checkRemovable(entry: Entry): void {
    if (entry === this.rootEntry) {
      throw new FileError("EBUSY", "the root directory cannot be removed; remove what is in it");
    }
    if (entry.parent === null) throw new FileError("ENOENT", `"${entry.name}" was removed already`);
    if (entry.node.kind === "directory" && entry.node.entries.size > 0) {
      throw new FileError("ENOTEMPTY", `"${entry.name}" is not empty; remove what is in it first`);
    }
  }

  #checkMovable(entry: Entry, directory: DirectoryNode): void {
    if (entry === this.rootEntry) {
      throw new FileError("EBUSY", "the root directory cannot be renamed; move what is in it");
    }
    if (entry.parent === null) throw new FileError("ENOENT", `"${entry.name}" was removed`);
    requireSameVolume(entry.parent.volume, directory.volume);
    if (isRemovedDirectory(directory)) {
      throw new FileError("ENOENT", `the directory to move "${entry.name}" to was removed`);
    }
    for (let above: DirectoryNode | null = directory; above !== null; ) {
      if (above === entry.node) {
        throw new FileError("EINVAL", `"${entry.name}" cannot be moved into itself`);
      }
      above = this.anyEntry(above)?.parent ?? null;
    }
  }

  #checkReplaceable(entry: Entry, replaced: Entry): void {
    const movesDirectory = entry.node.kind === "directory";
    const replacesDirectory = replaced.node.kind === "directory";
    if (movesDirectory && !replacesDirectory) {
      throw new FileError("ENOTDIR", `"${replaced.name}" is no directory; remove it first`);
    }
    if (!movesDirectory && replacesDirectory) {
      throw new FileError("EISDIR", `"${replaced.name}" is a directory; remove it first`);
    }
    this.#checkRemovable(replaced);
  }
}
