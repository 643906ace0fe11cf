/**
 * The host's file tree, and the 9P2000.L server through which a guest mounts it.
 */
export type { Origin, TreeChange } from "./changes.js";
export { type ErrorCode, FileError } from "./errors.js";
export { NinePServer, type NinePServerOptions } from "./ninep-server.js";
export { parseSession, type SavedFid, type Session } from "./ninep-session.js";
export type { AttributeChanges } from "./node-content.js";
export type { LazyContent, NodeKind } from "./nodes.js";
export type { FileStat } from "./stat.js";
export { type Timestamp, timestampFromMilliseconds } from "./timestamp.js";
export {
  type FileAttributes,
  FileTree,
  type FileTreeOptions,
  type SubtreeOptions,
} from "./tree.js";
