import type { Entry } from "./directory-entries.js";
import { FileError } from "./errors.js";
import { MAXWELEM, MessageType, NO_FID, NO_ID } from "./ninep-protocol.js";
import type { Handler, HandlerTable, Request } from "./ninep-request.js";

/*
 * Getting and giving back fids: Tattach, Tauth, Twalk, Tclunk.
 */

/** fid[4] afid[4] uname[s] aname[s] n_uname[4] → qid[13] */
const attach: Handler = ({ fields, fids, store, owner, reply }) => {
  const fid = fields.u32();
  const authenticationFid = fields.u32();
  // The user's name, which .L replaces by the number that follows.
  fields.rawString();
  const tree = fields.rawString();
  const user = fields.u32();
  if (authenticationFid !== NO_FID) {
    throw new FileError("EINVAL", "there is no authentication; mount without it");
  }
  // There is one tree only, called by no name or, as some clients do, by "/".
  if (tree.length > 1 || (tree.length === 1 && tree[0] !== 0x2f)) {
    throw new FileError("ENOENT", "there is one tree only; mount without aname");
  }
  fids.add(fid, user === NO_ID ? owner.uid : user, store.rootEntry);
  reply.qid(store.root);
};

/** Tauth asks for a way to prove who one is. The Plan 9 manual, attach(5): an error says: none needed. */
const authenticate: Handler = () => {
  throw new FileError("EOPNOTSUPP", "there is no authentication; attach without it");
};

/**
 * fid[4] newfid[4] nwname[2] nwname*(wname[s]) → nwqid[2] nwqid*(qid[13])
 *
 * When a name after the first is not found, the reply has the qids up to there, and newfid stays
 * unused (Plan 9 manual, walk(5)). Unlike there, an open fid may be walked from: Linux does so.
 */
const walk: Handler = (request) => {
  const { fields, fids, reply } = request;
  const fid = fids.get(fields.u32());
  const newNumber = fields.u32();
  const names = readNames(request);
  let entry = fids.entry(fid.number);
  const countOffset = reply.length;
  reply.u16(names.length);
  for (const [done, name] of names.entries()) {
    const next = step(request, entry, name);
    if (next === undefined) {
      if (done === 0) throw notFound(entry, name);
      reply.setU16(countOffset, done);
      return;
    }
    entry = next;
    reply.qid(entry.node);
  }
  if (newNumber !== fid.number) {
    fids.add(newNumber, fid.uid, entry);
  } else if (fid.open !== null && names.length > 0) {
    throw new FileError("EINVAL", `fid ${fid.number} is open and cannot become another file`);
  } else {
    fids.move(fid, entry);
  }
};

function readNames({ fields }: Request): string[] {
  const count = fields.u16();
  if (count > MAXWELEM) {
    throw new FileError("EINVAL", `the request has ${count} names where ${MAXWELEM} are allowed`);
  }
  return Array.from({ length: count }, () => fields.name());
}

function step({ store }: Request, from: Entry, name: string): Entry | undefined {
  const { node } = from;
  if (node.kind !== "directory") return undefined;
  if (name === ".") return from;
  if (name === "..") return from === store.rootEntry ? from : from.parent?.links[0];
  return node.entries.get(name);
}

function notFound(from: Entry, name: string): FileError {
  return from.node.kind === "directory"
    ? new FileError("ENOENT", `there is no "${name}"`)
    : new FileError("ENOTDIR", `"${from.name}" is no directory`);
}

/** fid[4] → nothing */
const clunk: Handler = ({ fields, fids }) => {
  const { number } = fids.get(fields.u32());
  fids.remove(number);
};

export const walkHandlers: HandlerTable = new Map([
  [MessageType.Tattach, attach],
  [MessageType.Tauth, authenticate],
  [MessageType.Twalk, walk],
  [MessageType.Tclunk, clunk],
]);
