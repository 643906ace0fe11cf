import { FileError } from "./errors.js";
import { GetattrMask, MessageType, SetattrMask, STATFS_TYPE } from "./ninep-protocol.js";
import {
  type Handler,
  type HandlerTable,
  ioUnit,
  type Request,
  whenLoaded,
} from "./ninep-request.js";
import type { AttributeChanges } from "./node-content.js";
import {
  allocatedSize,
  type Device,
  type FileNode,
  linkCount,
  type Node,
  type NodeKind,
  nodeSize,
} from "./nodes.js";
import { NAME_MAX } from "./text.js";
import type { Timestamp } from "./timestamp.js";

/*
 * What files say of themselves: Tgetattr, Tsetattr, Treadlink, Tstatfs, and extended attributes,
 * which there are none of.
 */

/** Unit of `st_blocks`, whatever `st_blksize` is (stat(2)). */
const STAT_BLOCK = 512;

/** Unit in which statfs counts. */
const STATFS_BLOCK = 4096;

/** The type bits of `st_mode`: Linux include/uapi/linux/stat.h. */
export const fileTypeBits: Readonly<Record<NodeKind, number>> = {
  fifo: 0o010000,
  "character-device": 0o020000,
  directory: 0o040000,
  "block-device": 0o060000,
  file: 0o100000,
  symlink: 0o120000,
  socket: 0o140000,
};

/**
 * fid[4] request_mask[8]
 * → valid[8] qid[13] mode[4] uid[4] gid[4] nlink[8] rdev[8] size[8] blksize[8] blocks[8]
 *   atime[16] mtime[16] ctime[16] btime[16] gen[8] data_version[8]
 */
const getAttributes: Handler = ({ fields, fids, reply, messageSize }) => {
  const node = fids.node(fields.u32());
  // All that is known is cheap to tell, so what is asked for does not matter.
  fields.u64();
  reply.u64(GetattrMask.basic | GetattrMask.birthTime | GetattrMask.dataVersion);
  reply.qid(node);
  reply.u32(fileTypeBits[node.kind] | node.mode);
  reply.u32(node.uid);
  reply.u32(node.gid);
  reply.u64(linkCount(node));
  reply.u64("device" in node ? encodeDevice(node.device) : 0);
  reply.u64(nodeSize(node));
  // Programs read in pieces of this size: the larger, the fewer requests.
  reply.u64(ioUnit(messageSize));
  reply.u64(Math.ceil(allocatedSize(node) / STAT_BLOCK));
  reply.timestamp(node.accessed);
  reply.timestamp(node.modified);
  reply.timestamp(node.changed);
  reply.timestamp(node.created);
  // Numbers are never used again, so generations need not tell files apart.
  reply.u64(0);
  reply.u64(node.version);
};

/** Linux include/linux/kdev_t.h, new_encode_dev(): what v9fs decodes `rdev` with. */
function encodeDevice({ major, minor }: Device): number {
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}

/**
 * fid[4] valid[4] mode[4] uid[4] gid[4] size[8] atime_sec[8] atime_nsec[8] mtime_sec[8]
 * mtime_nsec[8] → nothing
 */
const setAttributes: Handler = (request) => {
  const { fields, fids, tree } = request;
  const node = fids.node(fields.u32());
  const valid = fields.u32();
  const mode = fields.u32();
  const uid = fields.u32();
  const gid = fields.u32();
  const size = fields.u64();
  const accessed = readTime(request, valid, SetattrMask.accessed, SetattrMask.accessedGiven);
  const modified = readTime(request, valid, SetattrMask.modified, SetattrMask.modifiedGiven);
  const changes: AttributeChanges = {
    ...(hasBit(valid, SetattrMask.mode) && { mode }),
    ...(hasBit(valid, SetattrMask.uid) && { uid }),
    ...(hasBit(valid, SetattrMask.gid) && { gid }),
    ...(accessed !== null && { accessed }),
    ...(modified !== null && { modified }),
  };
  const set = (): void => tree.contents.setAttributes(node, changes, "guest");
  if (!hasBit(valid, SetattrMask.size)) return set();
  return resize(request, fileToResize(node), size, set);
};

/** Sizes come first: resizing sets a time and may take away set-user-id bits. */
function resize(
  request: Request,
  file: FileNode,
  size: number,
  andThen: () => void,
): void | Promise<void> {
  const doIt = (): void => {
    request.tree.contents.resize(file, size, "guest");
    andThen();
  };
  return size === 0 ? doIt() : whenLoaded(request, file, doIt);
}

function fileToResize(node: Node): FileNode {
  if (node.kind === "file") return node;
  if (node.kind === "directory") throw new FileError("EISDIR", "a directory has no size to set");
  throw new FileError("EINVAL", `a ${node.kind} has no size to set`);
}

/** @returns null when the time is not to be set */
function readTime(
  { fields, store }: Request,
  valid: number,
  bit: number,
  givenBit: number,
): Timestamp | null {
  // What is not to be set may be anything.
  if (!hasBit(valid, bit) || !hasBit(valid, givenBit)) {
    fields.bytes(16);
    return hasBit(valid, bit) ? store.timestamp() : null;
  }
  return fields.timestamp();
}

function hasBit(bits: number, bit: number): boolean {
  return (bits & bit) !== 0;
}

/** fid[4] → target[s] */
const readLink: Handler = ({ fields, fids, reply }) => {
  const node = fids.node(fields.u32());
  if (node.kind !== "symlink") throw new FileError("EINVAL", `a ${node.kind} is no symbolic link`);
  reply.string(node.target);
};

/**
 * fid[4] → type[4] bsize[4] blocks[8] bfree[8] bavail[8] files[8] ffree[8] fsid[8] namelen[4]
 */
const fileSystemStatus: Handler = ({ fields, fids, reply }) => {
  const { bytes, entries, limits } = fids.node(fields.u32()).volume.space;
  const free = Math.floor(Math.max(0, limits.bytes - bytes) / STATFS_BLOCK);
  reply.u32(STATFS_TYPE);
  reply.u32(STATFS_BLOCK);
  reply.u64(Math.floor(limits.bytes / STATFS_BLOCK));
  reply.u64(free);
  reply.u64(free);
  reply.u64(limits.entries);
  reply.u64(Math.max(0, limits.entries - entries));
  reply.u64(0);
  reply.u32(NAME_MAX);
};

/** Linux takes this as "there are none", and asks again for each file; nothing needs them. */
const extendedAttributes: Handler = () => {
  throw new FileError("EOPNOTSUPP", "there are no extended attributes");
};

export const attributeHandlers: HandlerTable = new Map([
  [MessageType.Tgetattr, getAttributes],
  [MessageType.Tsetattr, setAttributes],
  [MessageType.Treadlink, readLink],
  [MessageType.Tstatfs, fileSystemStatus],
  [MessageType.Txattrwalk, extendedAttributes],
  [MessageType.Txattrcreate, extendedAttributes],
]);
