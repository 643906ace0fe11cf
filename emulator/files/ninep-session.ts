import type { Entry } from "./directory-entries.js";
import { FileError } from "./errors.js";
import type { Fid, FidTable, FidTarget, OpenMode } from "./ninep-fids.js";
import type { NodeStore } from "./node-store.js";
import { findEntry } from "./paths.js";
import type { FileTree } from "./tree.js";

/**
 * What the server must know again when a guest goes back to a checkpoint: plain data, fit for
 * JSON and structured clone. It holds no file content.
 *
 * How its fids find their files again:
 * - The very object that `saveSession` returned keeps its nodes alive as long as it is itself
 *   alive: each fid gets its node back, renamed or removed since or not.
 * - A copy of it, used with the same tree, finds each node that is still in the tree or open.
 * - With another tree, as when it was saved into an image, fids find their files by path.
 *
 * A fid whose file is not found stays in use, as the guest believes it to be; what is done with
 * it is answered ESTALE, as NFS does, and it can be clunked. One with a path finds a file that
 * is written there later.
 */
export interface Session {
  /** Of this form of the data. */
  readonly format: 1;
  /** The tree's `id`. */
  readonly tree: string;
  /** Negotiated msize in bytes; 0 before Tversion. */
  readonly messageSize: number;
  readonly fids: readonly SavedFid[];
}

export interface SavedFid {
  readonly fid: number;
  readonly uid: number;
  /** Node number, in the tree of the session. */
  readonly node: number;
  readonly directory: boolean;
  /** Null when the file had no name any more. */
  readonly path: string | null;
  readonly open: OpenMode | null;
}

/** In the place of a node's number, of a fid whose file was missing: no node has it. */
const MISSING_NODE = 0;

/** The entries of saved fids, for as long as the session object itself lives. */
const heldEntries = new WeakMap<Session, { store: NodeStore; entries: Map<number, Entry> }>();

export function saveSession(tree: FileTree, fids: FidTable, messageSize: number): Session {
  const entries = new Map<number, Entry>();
  const saved = Array.from(fids, (fid): SavedFid => {
    const { number, uid, open } = fid;
    if (fid.target.state === "missing") {
      const { path, directory } = fid.target;
      return { fid: number, uid, node: MISSING_NODE, directory, path, open };
    }
    const { entry } = fid.target;
    const { node } = entry;
    entries.set(number, entry);
    const path = tree.nodes.pathOf(entry) ?? pathByAnotherName(tree.nodes, entry);
    const directory = node.kind === "directory";
    return { fid: number, uid, node: node.number, directory, path, open };
  });
  const session: Session = { format: 1, tree: tree.id, messageSize, fids: saved };
  heldEntries.set(session, { store: tree.nodes, entries });
  return session;
}

/** The fids of a session, with the files they stand for in this tree. */
export function restoredFids(tree: FileTree, session: Session): Fid[] {
  const held = heldEntries.get(session);
  return session.fids.map((saved): Fid => {
    const own = held?.store === tree.nodes ? held.entries.get(saved.fid) : undefined;
    const target: FidTarget =
      own === undefined ? findTarget(tree, session, saved) : { state: "found", entry: own };
    return { number: saved.fid, uid: saved.uid, open: saved.open, target };
  });
}

function findTarget(tree: FileTree, session: Session, saved: SavedFid): FidTarget {
  const { directory } = saved;
  const isOwnTree = session.tree === tree.id && saved.node !== MISSING_NODE;
  // In its own tree a node that is gone is gone: what has its path now is another file.
  const path = isOwnTree ? null : saved.path;
  const entry = isOwnTree ? entryByNumber(tree.nodes, saved.node) : entryByPath(tree.nodes, path);
  if (entry !== undefined && (entry.node.kind === "directory") === directory) {
    return { state: "found", entry };
  }
  return { state: "missing", path, directory };
}

function entryByPath(store: NodeStore, path: string | null): Entry | undefined {
  return path === null ? undefined : findEntry(store.rootEntry, path);
}

function entryByNumber(store: NodeStore, number: number): Entry | undefined {
  const node = store.byNumber(number);
  if (node === undefined) return undefined;
  return store.anyEntry(node) ?? { node, name: "", parent: null };
}

function pathByAnotherName(store: NodeStore, entry: Entry): string | null {
  const other = store.anyEntry(entry.node);
  return other === undefined ? null : store.pathOf(other);
}

/**
 * A session from data of unknown origin, such as a file's.
 * @throws FileError EINVAL when it is none
 */
export function parseSession(value: unknown): Session {
  if (
    isRecord(value) &&
    value.format === 1 &&
    typeof value.tree === "string" &&
    isCount(value.messageSize) &&
    Array.isArray(value.fids) &&
    value.fids.every(isSavedFid)
  ) {
    const { tree, messageSize, fids } = value;
    return { format: 1, tree, messageSize, fids };
  }
  throw new FileError(
    "EINVAL",
    "this is no saved 9P session of format 1; make the snapshot again with this version",
  );
}

function isSavedFid(value: unknown): value is SavedFid {
  return (
    isRecord(value) &&
    isCount(value.fid) &&
    isCount(value.uid) &&
    isCount(value.node) &&
    typeof value.directory === "boolean" &&
    (value.path === null || typeof value.path === "string") &&
    (value.open === null || isOpenMode(value.open))
  );
}

function isOpenMode(value: unknown): value is OpenMode {
  return (
    isRecord(value) &&
    typeof value.read === "boolean" &&
    typeof value.write === "boolean" &&
    typeof value.append === "boolean"
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
