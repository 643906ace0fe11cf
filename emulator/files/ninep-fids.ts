import type { Entry } from "./directory-entries.js";
import { FileError } from "./errors.js";
import { NO_FID } from "./ninep-protocol.js";
import type { NodeStore } from "./node-store.js";
import type { DirectoryNode, FileNode, Node } from "./nodes.js";
import { findEntry } from "./paths.js";

/**
 * Fids that a guest may hold. Linux holds one for each open file and each directory entry in
 * use; a guest that leaks them must not fill the host's memory.
 */
const FID_LIMIT = 65_536;

/** How a fid was opened. */
export interface OpenMode {
  readonly read: boolean;
  readonly write: boolean;
  /** Every write goes to the end of the file. */
  readonly append: boolean;
}

/** What a fid stands for. */
export type FidTarget =
  | { readonly state: "found"; readonly entry: Entry }
  /**
   * A fid of a restored session whose file is not in the tree. With a path, the file is looked
   * for again at each use: it may be written later.
   */
  | { readonly state: "missing"; readonly path: string | null; readonly directory: boolean };

/** The guest's handle of a file. */
export interface Fid {
  readonly number: number;
  /** Owner of what is created by way of it: that of the Tattach it comes from. */
  readonly uid: number;
  target: FidTarget;
  open: OpenMode | null;
}

/** The fids of one guest. Each keeps its node alive, with or without a name. */
export class FidTable {
  readonly #store: NodeStore;
  #fids = new Map<number, Fid>();

  constructor(store: NodeStore) {
    this.#store = store;
  }

  [Symbol.iterator](): IterableIterator<Fid> {
    return this.#fids.values();
  }

  has(number: number): boolean {
    return this.#fids.has(number);
  }

  /** @throws FileError EBADF */
  get(number: number): Fid {
    const fid = this.#fids.get(number);
    if (fid === undefined) throw new FileError("EBADF", `there is no fid ${number}`);
    return fid;
  }

  /**
   * The entry that a fid stands for. Its parent is null when it was removed.
   * @throws FileError EBADF, ESTALE
   */
  entry(number: number): Entry {
    const fid = this.get(number);
    if (fid.target.state === "missing") this.#find(fid, fid.target);
    if (fid.target.state === "found") return fid.target.entry;
    throw new FileError("ESTALE", `the file of fid ${number} is not in the restored tree`);
  }

  node(number: number): Node {
    return this.entry(number).node;
  }

  /** @throws FileError ENOTDIR, EBADF, ESTALE */
  directory(number: number): DirectoryNode {
    const node = this.node(number);
    if (node.kind === "directory") return node;
    throw new FileError("ENOTDIR", `fid ${number} is no directory`);
  }

  /** A fid that was opened in a way that allows something. @throws FileError EBADF, EISDIR, … */
  openFile(number: number, access: "read" | "write"): { fid: Fid; file: FileNode } {
    const fid = this.get(number);
    const node = this.node(number);
    if (node.kind === "directory") throw new FileError("EISDIR", `fid ${number} is a directory`);
    if (node.kind !== "file") throw new FileError("EINVAL", `fid ${number} is no regular file`);
    if (fid.open?.[access] !== true) {
      throw new FileError("EBADF", `fid ${number} is not open to ${access}`);
    }
    return { fid, file: node };
  }

  /** @throws FileError EINVAL (number in use), ENFILE */
  add(number: number, uid: number, entry: Entry): void {
    if (number === NO_FID || this.#fids.has(number)) {
      throw new FileError("EINVAL", `fid ${number} cannot be used for another file`);
    }
    if (this.#fids.size >= FID_LIMIT) {
      throw new FileError("ENFILE", `the guest holds ${FID_LIMIT} fids already`);
    }
    this.#store.retain(entry.node);
    this.#fids.set(number, { number, uid, target: { state: "found", entry }, open: null });
  }

  /** Lets a fid stand for another file. @throws FileError EBADF when it was clunked meanwhile */
  move(fid: Fid, entry: Entry): void {
    if (this.get(fid.number) !== fid) throw new FileError("EBADF", "the fid was given back");
    this.#store.retain(entry.node);
    this.#releaseTarget(fid);
    fid.target = { state: "found", entry };
  }

  remove(number: number): void {
    const fid = this.#fids.get(number);
    if (fid === undefined) return;
    this.#fids.delete(number);
    this.#releaseTarget(fid);
  }

  /** Puts other fids in the place of all. */
  replaceAll(fids: readonly Fid[]): void {
    const old = this.#fids;
    this.#fids = new Map(fids.map((fid) => [fid.number, fid]));
    // First the new ones: a node that both hold must not be given up in between.
    for (const fid of this.#fids.values()) {
      if (fid.target.state === "found") this.#store.retain(fid.target.entry.node);
    }
    for (const fid of old.values()) this.#releaseTarget(fid);
  }

  #find(fid: Fid, target: Extract<FidTarget, { state: "missing" }>): void {
    if (target.path === null) return;
    const entry = findEntry(this.#store.rootEntry, target.path);
    if (entry === undefined || (entry.node.kind === "directory") !== target.directory) return;
    this.#store.retain(entry.node);
    fid.target = { state: "found", entry };
  }

  #releaseTarget(fid: Fid): void {
    if (fid.target.state === "found") this.#store.release(fid.target.entry.node);
  }
}
