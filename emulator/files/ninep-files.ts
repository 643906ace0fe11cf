import { FileError } from "./errors.js";
import type { Fid, OpenMode } from "./ninep-fids.js";
import { LockStatus, LockType, MessageType, OpenFlag } from "./ninep-protocol.js";
import {
  groupOr,
  type Handler,
  type HandlerTable,
  ioUnit,
  type Request,
  replyRoom,
  whenLoaded,
} from "./ninep-request.js";
import { emptyContent } from "./node-factory.js";
import type { FileNode, Node } from "./nodes.js";
import { requireWritable } from "./volume.js";

/*
 * Work on open files: Tlopen, Tlcreate, Tread, Twrite, Tfsync, Tlock, Tgetlock.
 */

/** fid[4] flags[4] → qid[13] iounit[4] */
const open: Handler = (request) => {
  const { fields, fids } = request;
  const fid = fids.get(fields.u32());
  const flags = fields.u32();
  const node = fids.node(fid.number);
  checkOpenable(fid, node, flags);
  if (node.kind !== "file") return openFid(request, fid, node, flags);
  // What is cut to nothing at once need not be fetched.
  if (hasFlag(flags, OpenFlag.truncate)) return openFile(request, fid, node, flags);
  return whenLoaded(request, node, () => openFid(request, fid, node, flags));
};

/**
 * fid[4] name[s] flags[4] mode[4] gid[4] → qid[13] iounit[4]
 *
 * The fid of the directory becomes that of the file. A file that exists is opened, unless O_EXCL
 * is given: open(2) with O_CREAT.
 */
const create: Handler = (request) => {
  const { fields, fids, store } = request;
  const fid = fids.get(fields.u32());
  const name = fields.name();
  const flags = fields.u32();
  const mode = fields.u32();
  const gid = groupOr(request, fields.u32());
  const directory = fids.directory(fid.number);
  if (fid.open !== null) throw new FileError("EINVAL", `fid ${fid.number} is open`);
  const present = directory.entries.get(name);
  if (present === undefined || hasFlag(flags, OpenFlag.exclusive)) {
    const attributes = { mode, uid: fid.uid, gid };
    const content = { kind: "file", content: emptyContent() } as const;
    const made = store.create(directory, name, attributes, content, "guest");
    fids.move(fid, made);
    return openFid(request, fid, made.node, flags);
  }
  const { node } = present;
  checkOpenable(fid, node, flags);
  if (node.kind !== "file") throw new FileError("EISDIR", `"${name}" is no file`);
  const become = (): void | Promise<void> => {
    fids.move(fid, present);
    return openFile(request, fid, node, flags);
  };
  return hasFlag(flags, OpenFlag.truncate) ? become() : whenLoaded(request, node, become);
};

/** fid[4] offset[8] count[4] → count[4] data[count] */
const read: Handler = (request) => {
  const { fields, fids, reply } = request;
  const { file } = fids.openFile(fields.u32(), "read");
  const offset = fields.u64();
  const count = Math.min(fields.u32(), replyRoom(request.messageSize));
  return whenLoaded(request, file, () => {
    const bytes = request.tree.contents.bytes(file);
    const available = Math.max(0, Math.min(count, bytes.size - offset));
    reply.reserve(4 + available);
    reply.u32(available);
    bytes.read(offset, reply.bytes(available));
  });
};

/** fid[4] offset[8] count[4] data[count] → count[4] */
const write: Handler = (request) => {
  const { fields, fids, reply } = request;
  const { fid, file } = fids.openFile(fields.u32(), "write");
  const offset = fields.u64();
  const data = fields.bytes(fields.u32());
  return whenLoaded(request, file, () => {
    const { contents } = request.tree;
    // The end as it is now: after a restore the guest may remember an older one.
    const at = fid.open?.append === true ? contents.bytes(file).size : offset;
    contents.write(file, at, data, "guest");
    reply.u32(data.length);
  });
};

/** fid[4] datasync[4] → nothing. All is in memory, and there is nothing it could be synced to. */
const sync: Handler = ({ fields, fids }) => {
  fids.get(fields.u32());
  fields.u32();
};

/**
 * fid[4] type[1] flags[4] start[8] length[8] proc_id[4] client_id[s] → status[1]
 *
 * Always granted: a tree has one guest, whose kernel settles locks among its own processes
 * before it asks (Linux fs/9p/vfs_file.c, v9fs_file_do_lock); the host takes no locks.
 */
const lock: Handler = ({ fields, fids, reply }) => {
  fids.get(fields.u32());
  fields.bytes(1 + 4 + 8 + 8 + 4);
  fields.rawString();
  reply.u8(LockStatus.success);
};

/**
 * fid[4] type[1] start[8] length[8] proc_id[4] client_id[s]
 * → type[1] start[8] length[8] proc_id[4] client_id[s]
 *
 * No lock is ever in the way, see {@link lock}.
 */
const getLock: Handler = ({ fields, fids, reply }) => {
  fids.get(fields.u32());
  fields.u8();
  const place = fields.bytes(8 + 8 + 4);
  const client = fields.rawString();
  reply.u8(LockType.unlocked);
  reply.bytes(place.length).set(place);
  reply.rawString(client);
};

function hasFlag(flags: number, flag: number): boolean {
  return (flags & flag) !== 0;
}

function openMode(flags: number): OpenMode {
  const access = flags & OpenFlag.accessMask;
  return {
    read: access === OpenFlag.readOnly || access === OpenFlag.readWrite,
    write: access === OpenFlag.writeOnly || access === OpenFlag.readWrite,
    append: hasFlag(flags, OpenFlag.append),
  };
}

/** @throws FileError EINVAL, EISDIR, ENOTDIR, ELOOP, ENXIO, EROFS */
function checkOpenable(fid: Fid, node: Node, flags: number): void {
  if (fid.open !== null) throw new FileError("EINVAL", `fid ${fid.number} is open already`);
  if (node.kind === "directory") {
    if (openMode(flags).write) throw new FileError("EISDIR", "a directory cannot be written");
    return;
  }
  if (hasFlag(flags, OpenFlag.directory)) throw new FileError("ENOTDIR", "this is no directory");
  if (node.kind === "symlink") throw new FileError("ELOOP", "a link cannot be opened itself");
  // The guest's kernel opens devices and pipes by their numbers, and asks nobody.
  if (node.kind !== "file") throw new FileError("ENXIO", `a ${node.kind} has no content here`);
  if (openMode(flags).write) requireWritable(node.volume, "guest");
}

/** Opens a file that is loaded, or is cut to nothing. */
function openFile(request: Request, fid: Fid, file: FileNode, flags: number): void | Promise<void> {
  if (hasFlag(flags, OpenFlag.truncate)) request.tree.contents.resize(file, 0, "guest");
  return openFid(request, fid, file, flags);
}

function openFid(request: Request, fid: Fid, node: Node, flags: number): void | Promise<void> {
  const { reply, store, messageSize, onOpenToRead } = request;
  fid.open = openMode(flags);
  reply.qid(node);
  reply.u32(ioUnit(messageSize));
  if (!fid.open.read || node.kind !== "file" || fid.target.state !== "found") return;
  const path = store.pathOf(fid.target.entry);
  if (path !== null) return onOpenToRead(path);
}

export const fileHandlers: HandlerTable = new Map([
  [MessageType.Tlopen, open],
  [MessageType.Tlcreate, create],
  [MessageType.Tread, read],
  [MessageType.Twrite, write],
  [MessageType.Tfsync, sync],
  [MessageType.Tlock, lock],
  [MessageType.Tgetlock, getLock],
]);
