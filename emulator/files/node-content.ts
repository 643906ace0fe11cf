import type { Origin } from "./changes.js";
import { FileError } from "./errors.js";
import { emptyContent } from "./node-factory.js";
import type { NodeStore } from "./node-store.js";
import { allocatedSize, type FileContent, type FileNode, type Node } from "./nodes.js";
import { SparseBytes } from "./sparse-bytes.js";
import type { Timestamp } from "./timestamp.js";
import { requireWritable } from "./volume.js";

/**
 * Largest file: 1 TiB. Holes cost nothing, so this is no matter of memory; it keeps every
 * offset far inside the integers that a double holds exactly.
 */
export const FILE_SIZE_MAX = 2 ** 40;

const S_ISUID = 0o4000;
const S_ISGID = 0o2000;
const S_IXGRP = 0o010;

/** Attributes to set; those left out stay as they are. */
export interface AttributeChanges {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly accessed?: Timestamp;
  readonly modified?: Timestamp;
}

/** Operations on what a node contains and says of itself; names are `NodeStore`'s. */
export class NodeContents {
  readonly #store: NodeStore;

  constructor(store: NodeStore) {
    this.#store = store;
  }

  /**
   * The bytes of a file.
   * @throws FileError EAGAIN when they were not loaded yet, see {@link load}.
   */
  bytes(file: FileNode): SparseBytes {
    if (file.content.state === "loaded") return file.content.bytes;
    throw new FileError("EAGAIN", "the file is not loaded yet; await load() of its path first");
  }

  /**
   * Writes bytes at an offset. All or nothing.
   * @throws FileError EFBIG, ENOSPC, EAGAIN, EROFS
   */
  write(file: FileNode, offset: number, source: Uint8Array, origin: Origin): void {
    requireWritable(file.volume, origin);
    const bytes = this.bytes(file);
    if (source.length === 0) return;
    checkSize(offset + source.length);
    const growth = bytes.growth(offset, source.length);
    file.volume.space.requireBytes(growth);
    bytes.write(offset, source);
    file.volume.space.addBytes(growth);
    this.#changed(file, origin);
  }

  /** Cuts a file or extends it with zeros. To cut to nothing needs no load. */
  resize(file: FileNode, size: number, origin: Origin): void {
    requireWritable(file.volume, origin);
    checkSize(size);
    if (size === 0 && file.content.state === "lazy") {
      file.content = emptyContent();
    } else {
      const bytes = this.bytes(file);
      const before = bytes.allocated;
      bytes.resize(size);
      file.volume.space.addBytes(bytes.allocated - before);
    }
    this.#changed(file, origin);
  }

  /** Gives a file new content, at once. @throws FileError ENOSPC */
  replace(file: FileNode, content: FileContent, origin: Origin): void {
    requireWritable(file.volume, origin);
    const before = allocatedSize(file);
    const after = content.state === "loaded" ? content.bytes.allocated : 0;
    file.volume.space.requireBytes(after - before);
    file.content = content;
    file.volume.space.addBytes(after - before);
    this.#changed(file, origin);
  }

  setAttributes(node: Node, changes: AttributeChanges, origin: Origin): void {
    requireWritable(node.volume, origin);
    if (changes.mode !== undefined) node.mode = changes.mode & 0o7777;
    if (changes.uid !== undefined) node.uid = changes.uid;
    if (changes.gid !== undefined) node.gid = changes.gid;
    if (changes.accessed !== undefined) node.accessed = changes.accessed;
    if (changes.modified !== undefined) node.modified = changes.modified;
    node.changed = this.#store.timestamp();
    this.#store.tellOfNode(node, "attributes", origin);
  }

  /**
   * Fetches the content of a lazy file; at once where it is there already.
   * @throws FileError EIO when `load` failed or delivered another size, ENOSPC
   */
  load(file: FileNode): Promise<void> {
    const { content } = file;
    if (content.state === "loaded") return Promise.resolve();
    content.loading ??= this.#fetch(file, content).catch((error: unknown) => {
      content.loading = null;
      if (error instanceof FileError) throw error;
      throw new FileError("EIO", `the file's content could not be fetched: ${String(error)}`);
    });
    return content.loading;
  }

  async #fetch(file: FileNode, content: Extract<FileContent, { state: "lazy" }>): Promise<void> {
    const fetched = await content.source.load();
    // Somebody may have written the file anew while it was fetched: that is newer.
    if (file.content === content) this.#accept(file, content.source.size, fetched);
  }

  #accept(file: FileNode, expectedSize: number, fetched: Uint8Array): void {
    if (fetched.length !== expectedSize) {
      throw new FileError(
        "EIO",
        `the file's content has ${fetched.length} bytes where ${expectedSize} were promised; fetch the pack anew`,
      );
    }
    const bytes = contentOf(fetched);
    // A file that nobody has any more takes no space.
    const counted = file.references > 0 ? bytes.allocated : 0;
    file.volume.space.requireBytes(counted);
    file.content = { state: "loaded", bytes };
    file.volume.space.addBytes(counted);
  }

  #changed(file: FileNode, origin: Origin): void {
    file.modified = this.#store.timestamp();
    file.changed = file.modified;
    file.version += 1;
    // Linux clears these in file_remove_privs(), which v9fs without a cache never calls on a
    // write: whoever may write a file must not thereby write a program that runs as its owner.
    if (origin === "guest") file.mode = withoutSetId(file.mode);
    this.#store.tellOfNode(file, "written", origin);
  }
}

/** Copies bytes into a file's own memory. */
export function contentOf(bytes: Uint8Array): SparseBytes {
  const content = new SparseBytes();
  content.write(0, bytes);
  return content;
}

function checkSize(size: number): void {
  if (size <= FILE_SIZE_MAX) return;
  throw new FileError("EFBIG", `a file has at most ${FILE_SIZE_MAX} bytes; write less`);
}

/** Linux setattr_should_drop_suidgid(): set-gid without group execute means locking, and stays. */
function withoutSetId(mode: number): number {
  const dropped = (mode & S_IXGRP) === 0 ? S_ISUID : S_ISUID | S_ISGID;
  return mode & ~dropped;
}
