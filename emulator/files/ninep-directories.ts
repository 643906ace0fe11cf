import type { Entry } from "./directory-entries.js";
import { FileError } from "./errors.js";
import { fileTypeBits } from "./ninep-attributes.js";
import type { MessageWriter } from "./ninep-codec.js";
import { MessageType, REMOVE_DIRECTORY } from "./ninep-protocol.js";
import {
  groupOr,
  type Handler,
  type HandlerTable,
  type Request,
  replyRoom,
} from "./ninep-request.js";
import { emptyContent, type NodeContent } from "./node-factory.js";
import type { DirectoryNode, Node } from "./nodes.js";
import { encodeText, TARGET_MAX } from "./text.js";

/*
 * Work on directories: Treaddir, Tmkdir, Tsymlink, Tmknod, Tlink, Tunlinkat, Tremove, Trename,
 * Trenameat.
 */

/** qid[13] offset[8] type[1] and the length of the name[s] */
const DIRENT_FIXED_SIZE = 13 + 8 + 1 + 2;

/** Where to continue behind "." and behind "..". Cookies of real entries are larger. */
const DOT_COOKIE = 1;
const DOT_DOT_COOKIE = 2;

/**
 * fid[4] offset[8] count[4] → count[4] data[count]
 *
 * `offset` is that of the last entry the guest has, or 0; each entry's own is its cookie.
 */
const readDirectory: Handler = (request) => {
  const { fields, fids, reply } = request;
  const fid = fids.get(fields.u32());
  const offset = fields.u64();
  const room = Math.min(fields.u32(), replyRoom(request.messageSize));
  const directory = fids.directory(fid.number);
  if (fid.open?.read !== true) throw new FileError("EBADF", `fid ${fid.number} is not open`);
  const countOffset = reply.length;
  reply.u32(0);
  const start = reply.length;
  for (const { name, cookie, node } of listed(directory, offset)) {
    const bytes = encodeText(name);
    if (reply.length - start + DIRENT_FIXED_SIZE + bytes.length > room) {
      // An empty reply would say that the directory ends here.
      if (reply.length === start) throw new FileError("EINVAL", "no entry fits the reply");
      break;
    }
    writeEntry(reply, node, cookie, bytes);
  }
  reply.setU32(countOffset, reply.length - start);
};

/** What is listed behind an offset: Linux expects "." and ".." from the server. */
function* listed(
  directory: DirectoryNode,
  offset: number,
): Generator<{ name: string; cookie: number; node: Node }> {
  const [own] = directory.links;
  if (offset < DOT_COOKIE) yield { name: ".", cookie: DOT_COOKIE, node: directory };
  if (offset < DOT_DOT_COOKIE) {
    yield { name: "..", cookie: DOT_DOT_COOKIE, node: own?.parent ?? directory };
  }
  for (const { cookie, entry } of directory.entries.after(offset)) {
    yield { name: entry.name, cookie, node: entry.node };
  }
}

function writeEntry(reply: MessageWriter, node: Node, cookie: number, name: Uint8Array): void {
  reply.qid(node);
  reply.u64(cookie);
  // DT_DIR and its kin are the type bits of st_mode, shifted (Linux include/linux/fs_types.h).
  reply.u8(fileTypeBits[node.kind] >> 12);
  reply.rawString(name);
}

/** dfid[4] name[s] mode[4] gid[4] → qid[13] */
const makeDirectory: Handler = (request) => {
  const { fields } = request;
  const directory = fields.u32();
  const name = fields.name();
  const mode = fields.u32();
  const gid = fields.u32();
  create(request, directory, name, mode, gid, { kind: "directory" });
};

/** dfid[4] name[s] symtgt[s] gid[4] → qid[13] */
const makeSymlink: Handler = (request) => {
  const { fields } = request;
  const directory = fields.u32();
  const name = fields.name();
  const target = fields.string(TARGET_MAX);
  const gid = fields.u32();
  create(request, directory, name, 0o777, gid, { kind: "symlink", target });
};

/** dfid[4] name[s] mode[4] major[4] minor[4] gid[4] → qid[13] */
const makeNode: Handler = (request) => {
  const { fields } = request;
  const directory = fields.u32();
  const name = fields.name();
  const mode = fields.u32();
  const device = { major: fields.u32(), minor: fields.u32() };
  const gid = fields.u32();
  create(request, directory, name, mode, gid, nodeContent(mode, device));
};

const S_IFMT = 0o170000;

/** @throws FileError EPERM for a directory, EINVAL for a type that mknod(2) does not make */
function nodeContent(mode: number, device: { major: number; minor: number }): NodeContent {
  switch (mode & S_IFMT) {
    case 0:
    case fileTypeBits.file:
      return { kind: "file", content: emptyContent() };
    case fileTypeBits["character-device"]:
      return { kind: "character-device", device };
    case fileTypeBits["block-device"]:
      return { kind: "block-device", device };
    case fileTypeBits.fifo:
      return { kind: "fifo", device: { major: 0, minor: 0 } };
    case fileTypeBits.socket:
      return { kind: "socket", device: { major: 0, minor: 0 } };
    case fileTypeBits.directory:
      throw new FileError("EPERM", "directories are made by Tmkdir");
    default:
      throw new FileError("EINVAL", `nothing is made by mode 0${mode.toString(8)}`);
  }
}

function create(
  request: Request,
  directoryFid: number,
  name: string,
  mode: number,
  gid: number,
  content: NodeContent,
): void {
  const { fids, store, reply } = request;
  const { uid } = fids.get(directoryFid);
  const directory = fids.directory(directoryFid);
  const attributes = { mode, uid, gid: groupOr(request, gid) };
  reply.qid(store.create(directory, name, attributes, content, "guest").node);
}

/** dfid[4] fid[4] name[s] → nothing */
const link: Handler = ({ fields, fids, store }) => {
  const directoryFid = fields.u32();
  const fid = fields.u32();
  const name = fields.name();
  store.link(fids.node(fid), fids.directory(directoryFid), name, "guest");
};

/** dfid[4] name[s] flags[4] → nothing */
const unlink: Handler = ({ fields, fids, store }) => {
  const directoryFid = fields.u32();
  const name = fields.name();
  const flags = fields.u32();
  const entry = childOf(fids.directory(directoryFid), name);
  const isDirectory = entry.node.kind === "directory";
  if ((flags & ~REMOVE_DIRECTORY) !== 0) throw new FileError("EINVAL", "unknown flags");
  if (isDirectory && flags === 0) throw new FileError("EISDIR", `"${name}" is a directory`);
  if (!isDirectory && flags !== 0) throw new FileError("ENOTDIR", `"${name}" is no directory`);
  store.remove(entry, "guest");
};

/** fid[4] → nothing. The fid is given back in any case (Plan 9 manual, remove(5)). */
const remove: Handler = ({ fields, fids, store }) => {
  const { number } = fids.get(fields.u32());
  try {
    store.remove(fids.entry(number), "guest");
  } finally {
    fids.remove(number);
  }
};

/** fid[4] dfid[4] name[s] → nothing */
const rename: Handler = ({ fields, fids, store }) => {
  const fid = fields.u32();
  const directoryFid = fields.u32();
  const name = fields.name();
  store.rename(fids.entry(fid), fids.directory(directoryFid), name, "guest");
};

/** olddirfid[4] oldname[s] newdirfid[4] newname[s] → nothing */
const renameAt: Handler = ({ fields, fids, store }) => {
  const oldDirectory = fields.u32();
  const oldName = fields.name();
  const newDirectory = fields.u32();
  const newName = fields.name();
  const entry = childOf(fids.directory(oldDirectory), oldName);
  store.rename(entry, fids.directory(newDirectory), newName, "guest");
};

function childOf(directory: DirectoryNode, name: string): Entry {
  const entry = directory.entries.get(name);
  if (entry === undefined) throw new FileError("ENOENT", `there is no "${name}"`);
  return entry;
}

export const directoryHandlers: HandlerTable = new Map([
  [MessageType.Treaddir, readDirectory],
  [MessageType.Tmkdir, makeDirectory],
  [MessageType.Tsymlink, makeSymlink],
  [MessageType.Tmknod, makeNode],
  [MessageType.Tlink, link],
  [MessageType.Tunlinkat, unlink],
  [MessageType.Tremove, remove],
  [MessageType.Trename, rename],
  [MessageType.Trenameat, renameAt],
]);
