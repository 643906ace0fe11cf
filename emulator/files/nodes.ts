import type { DirectoryEntries, Entry } from "./directory-entries.js";
import type { SparseBytes } from "./sparse-bytes.js";
import type { Timestamp } from "./timestamp.js";
import type { Volume } from "./volume.js";

/** Kinds of node that have no content here: the guest's kernel does what they stand for. */
export type SpecialKind = "character-device" | "block-device" | "fifo" | "socket";

export type NodeKind = "directory" | "file" | "symlink" | SpecialKind;

/** What every node has: an inode, in the words of Linux. */
interface NodeBase {
  /** Inode number: unique within the tree and never used again. The root is 1. */
  readonly number: number;
  readonly volume: Volume;
  /** The twelve bits that chmod sets; the type of the node is its `kind`. */
  mode: number;
  uid: number;
  gid: number;
  /** Grows with every change of the content (the qid's version in 9P). */
  version: number;
  /** Set at creation and by utimes only, as on a file system mounted with `noatime`. */
  accessed: Timestamp;
  modified: Timestamp;
  changed: Timestamp;
  readonly created: Timestamp;
  /** The names it has in the tree. */
  readonly links: Entry[];
  /** Names, open fids and the like: at zero the node's space is free again. */
  references: number;
}

export interface DirectoryNode extends NodeBase {
  readonly kind: "directory";
  readonly entries: DirectoryEntries;
  /** How many of its entries are directories: each has a ".." that counts as a link. */
  subdirectories: number;
}

export interface FileNode extends NodeBase {
  readonly kind: "file";
  content: FileContent;
}

export interface SymlinkNode extends NodeBase {
  readonly kind: "symlink";
  readonly target: string;
  /** Of the target, in bytes: what `stat` reports as the size. */
  readonly size: number;
}

export interface SpecialNode extends NodeBase {
  readonly kind: SpecialKind;
  readonly device: Device;
}

export type Node = DirectoryNode | FileNode | SymlinkNode | SpecialNode;

/** A device number, of a character or block device. */
export interface Device {
  readonly major: number;
  readonly minor: number;
}

/** Content that is fetched when the file is first opened. */
export interface LazyContent {
  /** Length in bytes that `stat` shows before; `load` must deliver exactly so many. */
  readonly size: number;
  /** Called when the content is first needed; again if that failed. */
  readonly load: () => Promise<Uint8Array>;
}

export type FileContent =
  | { readonly state: "loaded"; readonly bytes: SparseBytes }
  | { readonly state: "lazy"; readonly source: LazyContent; loading: Promise<void> | null };

/** `st_nlink`: a directory counts its name, its "." and the ".." of each directory in it. */
export function linkCount(node: Node): number {
  if (node.kind !== "directory") return node.links.length;
  return isRemovedDirectory(node) ? 0 : 2 + node.subdirectories;
}

/** The directory was removed, but is still held open: it can take no entries any more. */
export function isRemovedDirectory(node: DirectoryNode): boolean {
  return node.links.length === 0;
}

/** `st_size`. */
export function nodeSize(node: Node): number {
  switch (node.kind) {
    case "file":
      return node.content.state === "loaded" ? node.content.bytes.size : node.content.source.size;
    case "symlink":
      return node.size;
    case "directory":
      // As tmpfs counts (Linux mm/shmem.c, BOGO_DIRENT_SIZE), so that a fuller directory is larger.
      return node.entries.size * 20;
    default:
      return 0;
  }
}

/** Memory that the node's content takes, in bytes, counted against the tree's limit. */
export function allocatedSize(node: Node): number {
  switch (node.kind) {
    case "file":
      return node.content.state === "loaded" ? node.content.bytes.allocated : 0;
    case "symlink":
      return node.size;
    default:
      return 0;
  }
}
