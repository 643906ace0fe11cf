import { DirectoryEntries } from "./directory-entries.js";
import { FileError } from "./errors.js";
import type { Device, DirectoryNode, FileContent, FileNode, Node, SpecialKind } from "./nodes.js";
import { SparseBytes } from "./sparse-bytes.js";
import { encodeText, TARGET_MAX } from "./text.js";
import { type Timestamp, timestampFromMilliseconds } from "./timestamp.js";
import type { Volume } from "./volume.js";

/** Cookies 1 and 2 are those of "." and "..", see the Treaddir operation. */
const FIRST_ENTRY_COOKIE = 3;

/** Inode number of the first node, the root: a guest's mount point has it in every tree. */
const FIRST_NUMBER = 1;

/** Attributes that the maker of a node gives it. */
export interface NewNode {
  /** The twelve bits that chmod sets. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** What a new node shall be. */
export type NodeContent =
  | { readonly kind: "directory" }
  | { readonly kind: "file"; readonly content: FileContent }
  | { readonly kind: "symlink"; readonly target: string }
  | { readonly kind: SpecialKind; readonly device: Device };

/** Makes nodes: numbers them and gives them the time. */
export class NodeFactory {
  readonly #now: () => number;
  #nextNumber = FIRST_NUMBER;

  /** @param now the time, in milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  timestamp(): Timestamp {
    return timestampFromMilliseconds(this.#now());
  }

  /** @throws FileError EINVAL, ENAMETOOLONG for a target that no link can have */
  node(attributes: NewNode, content: NodeContent, volume: Volume): Node {
    switch (content.kind) {
      case "directory":
        return this.directory(attributes, volume);
      case "file":
        return { ...this.#base(attributes, volume), kind: "file", content: content.content };
      case "symlink": {
        const size = targetSize(content.target);
        // Linux shows and checks no other mode of a link.
        const base = this.#base({ ...attributes, mode: 0o777 }, volume);
        return { ...base, kind: "symlink", target: content.target, size };
      }
      default:
        return { ...this.#base(attributes, volume), kind: content.kind, device: content.device };
    }
  }

  directory(attributes: NewNode, volume: Volume): DirectoryNode {
    const entries = new DirectoryEntries(FIRST_ENTRY_COOKIE);
    return { ...this.#base(attributes, volume), kind: "directory", entries, subdirectories: 0 };
  }

  #base(attributes: NewNode, volume: Volume): Omit<FileNode, "kind" | "content"> {
    const now = this.timestamp();
    return {
      number: this.#nextNumber++,
      volume,
      mode: attributes.mode & 0o7777,
      uid: attributes.uid,
      gid: attributes.gid,
      version: 0,
      accessed: now,
      modified: now,
      changed: now,
      created: now,
      links: [],
      references: 0,
    };
  }
}

/** An empty file's content. */
export function emptyContent(): FileContent {
  return { state: "loaded", bytes: new SparseBytes() };
}

function targetSize(target: string): number {
  const size = encodeText(target).length;
  if (size === 0 || target.includes("\0")) {
    throw new FileError("EINVAL", "a symbolic link's target must be a path; give it one");
  }
  if (size > TARGET_MAX) {
    throw new FileError(
      "ENAMETOOLONG",
      `a symbolic link's target has at most ${TARGET_MAX} bytes; use a shorter path`,
    );
  }
  return size;
}
