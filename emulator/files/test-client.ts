import { NinePServer, type NinePServerOptions } from "./ninep-server.js";
import type { FileTree } from "./tree.js";

/*
 * The guest's side of 9P2000.L for tests, written from Linux net/9p/client.c and protocol.c and
 * not from the server's codec: a request is given by the format string that the kernel uses for
 * it there ("dsddg" for Tlcreate), without the kernel's own types for users and groups.
 *
 * b, w, d, q: 1, 2, 4, 8 bytes; s: string; T: several strings; V: bytes with their count.
 */

type Argument = number | bigint | string | Uint8Array | readonly string[];

export interface Qid {
  readonly type: number;
  readonly version: number;
  readonly path: number;
}

export interface Dirent {
  readonly qid: Qid;
  readonly offset: number;
  readonly type: number;
  readonly name: string;
}

/** An Rlerror, as a test meets it. */
export class RemoteError extends Error {
  readonly errno: number;

  constructor(errno: number) {
    super(`errno ${errno}`);
    this.errno = errno;
  }
}

/** Fields of a reply, read in order. */
export class Fields {
  readonly #view: DataView;
  #offset = 7;

  constructor(reply: Uint8Array) {
    this.#view = new DataView(reply.buffer, reply.byteOffset, reply.byteLength);
  }

  get remaining(): number {
    return this.#view.byteLength - this.#offset;
  }

  b(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  w(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }

  d(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  q(): number {
    return Number(this.#view.getBigInt64(this.#skip(8), true));
  }

  raw(length: number): Uint8Array {
    return new Uint8Array(
      this.#view.buffer,
      this.#view.byteOffset + this.#skip(length),
      length,
    ).slice();
  }

  s(): string {
    return new TextDecoder().decode(this.raw(this.w()));
  }

  Q(): Qid {
    return { type: this.b(), version: this.d(), path: this.q() };
  }

  #skip(length: number): number {
    this.#offset += length;
    return this.#offset - length;
  }
}

/** One message: header, and arguments by a format string. */
export function encodeMessage(
  type: number,
  tag: number,
  format: string,
  ...values: Argument[]
): Uint8Array {
  const fields = [...format].map((letter, index) => encodeField(letter, values[index] ?? ""));
  const size = fields.reduce((sum, field) => sum + field.length, 7);
  const message = new Uint8Array(size);
  const view = new DataView(message.buffer);
  view.setUint32(0, size, true);
  view.setUint8(4, type);
  view.setUint16(5, tag, true);
  let offset = 7;
  for (const field of fields) {
    message.set(field, offset);
    offset += field.length;
  }
  return message;
}

const numberLengths: Readonly<Record<string, number>> = { b: 1, w: 2, d: 4, q: 8 };

function encodeField(letter: string, value: Argument): Uint8Array {
  const length = numberLengths[letter];
  if (length !== undefined && (typeof value === "number" || typeof value === "bigint")) {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
    return bytes.subarray(0, length);
  }
  if (letter === "s" && typeof value === "string") {
    return encodeField("s", new TextEncoder().encode(value));
  }
  if (letter === "s" && value instanceof Uint8Array) {
    return Buffer.concat([encodeField("w", value.length), value]);
  }
  if (letter === "V" && value instanceof Uint8Array) {
    return Buffer.concat([encodeField("d", value.length), value]);
  }
  if (letter === "T" && Array.isArray(value)) {
    const names = value.map((name) => encodeField("s", name));
    return Buffer.concat([encodeField("w", names.length), ...names]);
  }
  throw new TypeError(`${value} does not fit "${letter}"`);
}

const ROOT_FID = 0;
const NO_ID = 0xffff_ffff;

/** A guest that has mounted a tree; fid 0 is its root. */
export class TestClient {
  readonly server: NinePServer;
  readonly messageSize: number;
  /** What the server reported as its own failures; a test wants none. */
  readonly internalErrors: unknown[] = [];
  #nextFid = 1;

  constructor(tree: FileTree, messageSize = 65_536, options: NinePServerOptions = {}) {
    this.messageSize = messageSize;
    this.server = new NinePServer(tree, {
      onInternalError: (error) => this.internalErrors.push(error),
      ...options,
    });
    this.call(100, "ds", messageSize, "9P2000.L");
    this.call(104, "ddssd", ROOT_FID, NO_ID, "root", "", NO_ID);
  }

  /** Sends a request that is answered at once. @throws RemoteError */
  call(type: number, format: string, ...values: Argument[]): Fields {
    const reply = this.server.handle(encodeMessage(type, 1, format, ...values));
    if (reply instanceof Promise) throw new Error("the reply is not there at once");
    return checkReply(type, reply);
  }

  /** Sends a request that waits for a file's content. @throws RemoteError (rejects) */
  async callLater(type: number, format: string, ...values: Argument[]): Promise<Fields> {
    return checkReply(type, await this.server.handle(encodeMessage(type, 1, format, ...values)));
  }

  /** A new fid of a path, from the root. */
  walk(path: string, from = ROOT_FID): number {
    const names = path.split("/").filter((name) => name !== "");
    const fid = this.#nextFid++;
    const found = this.call(110, "ddT", from, fid, names).w();
    if (found !== names.length) throw new RemoteError(2);
    return fid;
  }

  /** A new fid of a path, opened. */
  open(path: string, flags = 0): number {
    const fid = this.walk(path);
    this.call(12, "dd", fid, flags);
    return fid;
  }

  /** Makes a file and opens it. */
  create(directory: string, name: string, flags = 0o2, mode = 0o644): number {
    const fid = this.walk(directory);
    this.call(14, "dsddd", fid, name, flags, mode, 0);
    return fid;
  }

  read(fid: number, offset = 0, count = 4096): string {
    const fields = this.call(116, "dqd", fid, offset, count);
    return new TextDecoder().decode(fields.raw(fields.d()));
  }

  write(fid: number, text: string, offset = 0): number {
    return this.call(118, "dqV", fid, offset, new TextEncoder().encode(text)).d();
  }

  clunk(fid: number): void {
    this.call(120, "d", fid);
  }

  readdir(fid: number, offset = 0, count = 4096): Dirent[] {
    const fields = this.call(40, "dqd", fid, offset, count);
    fields.d();
    const entries: Dirent[] = [];
    while (fields.remaining > 0) {
      entries.push({ qid: fields.Q(), offset: fields.q(), type: fields.b(), name: fields.s() });
    }
    return entries;
  }

  getattr(fid: number): Attributes {
    const f = this.call(24, "dq", fid, 0x3fff);
    return {
      valid: f.q(),
      qid: f.Q(),
      mode: f.d(),
      uid: f.d(),
      gid: f.d(),
      nlink: f.q(),
      rdev: f.q(),
      size: f.q(),
      blksize: f.q(),
      blocks: f.q(),
      atime: [f.q(), f.q()],
      mtime: [f.q(), f.q()],
      ctime: [f.q(), f.q()],
      btime: [f.q(), f.q()],
    };
  }
}

export interface Attributes {
  readonly valid: number;
  readonly qid: Qid;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly nlink: number;
  readonly rdev: number;
  readonly size: number;
  readonly blksize: number;
  readonly blocks: number;
  /** Seconds and nanoseconds. */
  readonly atime: readonly [number, number];
  readonly mtime: readonly [number, number];
  readonly ctime: readonly [number, number];
  readonly btime: readonly [number, number];
}

function checkReply(type: number, reply: Uint8Array): Fields {
  const view = new DataView(reply.buffer, reply.byteOffset, reply.byteLength);
  if (view.getUint32(0, true) !== reply.length) throw new Error("the reply's size is wrong");
  if (view.getUint16(5, true) !== 1) throw new Error("the reply's tag is wrong");
  const fields = new Fields(reply);
  if (reply[4] === 7) throw new RemoteError(fields.d());
  if (reply[4] !== type + 1) throw new Error(`reply ${reply[4]} to request ${type}`);
  return fields;
}
