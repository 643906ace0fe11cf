import { allocatedSize, linkCount, type Node, type NodeKind, nodeSize } from "./nodes.js";
import type { Timestamp } from "./timestamp.js";

/** What is known of a node. */
export interface FileStat {
  readonly kind: NodeKind;
  /** Inode number, unique within the tree and never used again. */
  readonly number: number;
  /** The twelve bits that chmod sets. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly links: number;
  /** In bytes. */
  readonly size: number;
  /** Memory it takes, in bytes; holes take none, nor do files that are not loaded yet. */
  readonly allocated: number;
  readonly accessed: Timestamp;
  readonly modified: Timestamp;
  readonly changed: Timestamp;
  readonly created: Timestamp;
}

/** What is known of a node, as it is now. */
export function statOf(node: Node): FileStat {
  return {
    kind: node.kind,
    number: node.number,
    mode: node.mode,
    uid: node.uid,
    gid: node.gid,
    links: linkCount(node),
    size: nodeSize(node),
    allocated: allocatedSize(node),
    accessed: node.accessed,
    modified: node.modified,
    changed: node.changed,
    created: node.created,
  };
}
