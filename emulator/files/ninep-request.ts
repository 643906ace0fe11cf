import { FileError } from "./errors.js";
import type { MessageReader, MessageWriter } from "./ninep-codec.js";
import type { FidTable } from "./ninep-fids.js";
import { HEADER_SIZE, IO_HEADER_SIZE, NO_ID } from "./ninep-protocol.js";
import type { NodeStore } from "./node-store.js";
import type { FileNode } from "./nodes.js";
import type { FileTree } from "./tree.js";

/** Owner of what a guest creates without saying for whom. */
export interface DefaultOwner {
  readonly uid: number;
  readonly gid: number;
}

/** One request while it is worked on. */
export interface Request {
  readonly tree: FileTree;
  readonly store: NodeStore;
  readonly fids: FidTable;
  readonly owner: DefaultOwner;
  /** Negotiated msize, in bytes. */
  readonly messageSize: number;
  /** The fields of the request, to be read in order, all of them before anything is changed. */
  readonly fields: MessageReader;
  readonly reply: MessageWriter;
  /**
   * Told of each regular file that is opened to be read, with its path. The guest's program waits
   * for what it returns.
   */
  readonly onOpenToRead: (path: string) => void | Promise<void>;
  /** The guest waits no longer: what has not been done yet must not be done. */
  interrupted: boolean;
}

/**
 * Answers one type of message: reads its fields, does it, writes the reply's fields. What it
 * throws becomes an Rlerror. It takes its time only for files whose content is fetched first.
 */
export type Handler = (request: Request) => void | Promise<void>;

/** Handlers by the type of message. */
export type HandlerTable = ReadonlyMap<number, Handler>;

const PAGE_SIZE = 4096;

/**
 * Bytes for one read or write: what fits a message, in whole pages, so that the pages the guest
 * hands over without copying begin and end on a page (as QEMU's stat_to_iounit, hw/9pfs/9p.c).
 */
export function ioUnit(messageSize: number): number {
  const room = messageSize - IO_HEADER_SIZE;
  return room < PAGE_SIZE ? room : room - (room % PAGE_SIZE);
}

/**
 * Most data bytes in a reply. Linux refuses a reply as long as msize itself
 * (net/9p/client.c, p9_check_errors), and asks for no more than this.
 */
export function replyRoom(messageSize: number): number {
  return messageSize - IO_HEADER_SIZE;
}

/** A reply's limit: it carries no more than {@link replyRoom}, so this is only a safeguard. */
export function replyLimit(messageSize: number): number {
  return Math.max(HEADER_SIZE, messageSize - 1);
}

/** A group from the wire, or the default one where the guest names none. */
export function groupOr(request: Request, gid: number): number {
  return gid === NO_ID ? request.owner.gid : gid;
}

/**
 * Does `use` when the content of a file is there: at once, or after it was fetched.
 * @throws FileError EINTR when the guest gave up waiting
 */
export function whenLoaded(
  request: Request,
  file: FileNode,
  use: () => void | Promise<void>,
): void | Promise<void> {
  if (file.content.state === "loaded") return use();
  return useAfterLoad(request, file, use);
}

async function useAfterLoad(
  request: Request,
  file: FileNode,
  use: () => void | Promise<void>,
): Promise<void> {
  // The fid may be clunked meanwhile; the file must not be given up before `use` is done.
  request.store.retain(file);
  try {
    while (file.content.state === "lazy") {
      await request.tree.contents.load(file);
      if (request.interrupted) throw new FileError("EINTR", "the guest gave up waiting");
    }
    await use();
  } finally {
    request.store.release(file);
  }
}
