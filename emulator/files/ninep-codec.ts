import { FileError } from "./errors.js";
import { HEADER_SIZE, QidType } from "./ninep-protocol.js";
import type { Node } from "./nodes.js";
import { decodeText, encodeText, NAME_MAX } from "./text.js";
import type { Timestamp } from "./timestamp.js";

/*
 * Numbers are little-endian; a string is its length in two bytes and its bytes, without NUL
 * (Plan 9 manual, intro(5)).
 */

/** Reads the fields of a request in order. Nothing outside the request is ever read. */
export class MessageReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset: number;

  /** @param bytes one whole message @param offset where its fields begin */
  constructor(bytes: Uint8Array, offset = HEADER_SIZE) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#offset = offset;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** Exact up to 2^53; larger ones are larger than any offset or size that is accepted. */
  u64(): number {
    const low = this.u32();
    return this.u32() * 2 ** 32 + low;
  }

  /** Signed, as times before 1970 are. @throws FileError EINVAL beyond what a double holds */
  i64(): number {
    const value = Number(this.#view.getBigInt64(this.#advance(8), true));
    if (Number.isSafeInteger(value)) return value;
    throw new FileError("EINVAL", "the request has a time that is too far away");
  }

  /** Bytes of the request itself, not copied. */
  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** A string whose bytes are passed on as they are, or that is not looked at. */
  rawString(): Uint8Array {
    return this.bytes(this.u16());
  }

  /** @throws FileError ENAMETOOLONG past `limit` bytes */
  string(limit: number): string {
    const bytes = this.rawString();
    if (bytes.length <= limit) return decodeText(bytes);
    throw new FileError("ENAMETOOLONG", `the request has a string of ${bytes.length} bytes`);
  }

  /** The name of a directory entry; its form is checked where it is used. */
  name(): string {
    return this.string(NAME_MAX);
  }

  timestamp(): Timestamp {
    const seconds = this.i64();
    const nanoseconds = this.u64();
    if (nanoseconds < 1e9) return { seconds, nanoseconds };
    throw new FileError("EINVAL", "the request has a time with more than a second of nanoseconds");
  }

  #advance(length: number): number {
    const start = this.#offset;
    if (length > this.#bytes.length - start) {
      throw new FileError("EINVAL", "the request ends before its last field");
    }
    this.#offset += length;
    return start;
  }
}

/** Most replies are short; those that are not say so, or grow. */
const INITIAL_CAPACITY = 256;

/** Writes the fields of a reply in order. */
export class MessageWriter {
  readonly #limit: number;
  #bytes = new Uint8Array(INITIAL_CAPACITY);
  #view = new DataView(this.#bytes.buffer);
  #length = HEADER_SIZE;

  /** @param limit bytes that the reply may have, header included */
  constructor(type: number, tag: number, limit: number) {
    this.#limit = limit;
    this.#view.setUint8(4, type);
    this.#view.setUint16(5, tag, true);
  }

  /** Bytes written so far, header included. */
  get length(): number {
    return this.#length;
  }

  /** Makes room for a long reply at once, where its length is known before. */
  reserve(length: number): void {
    const needed = this.#length + length;
    if (needed > this.#bytes.length && needed <= this.#limit) this.#grow(needed);
  }

  u8(value: number): void {
    const at = this.#advance(1);
    this.#view.setUint8(at, value);
  }

  u16(value: number): void {
    const at = this.#advance(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    const at = this.#advance(4);
    this.#view.setUint32(at, value, true);
  }

  /** @param value a non-negative safe integer */
  u64(value: number): void {
    this.u32(value % 2 ** 32);
    this.u32(Math.floor(value / 2 ** 32));
  }

  i64(value: number): void {
    const at = this.#advance(8);
    this.#view.setBigInt64(at, BigInt(value), true);
  }

  string(text: string): void {
    this.rawString(encodeText(text));
  }

  rawString(bytes: Uint8Array): void {
    this.u16(bytes.length);
    this.bytes(bytes.length).set(bytes);
  }

  /** Makes room for bytes, zeros, and returns it to be filled in before the next field. */
  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** type[1] version[4] path[8]: what tells one node from every other. */
  qid(node: Node): void {
    this.u8(qidType(node));
    this.u32(node.version % 2 ** 32);
    this.u64(node.number);
  }

  timestamp(time: Timestamp): void {
    this.i64(time.seconds);
    this.u64(time.nanoseconds);
  }

  /** Writes a number over one that is there already, at what {@link length} was before it. */
  setU16(offset: number, value: number): void {
    this.#view.setUint16(offset, value, true);
  }

  setU32(offset: number, value: number): void {
    this.#view.setUint32(offset, value, true);
  }

  /** The reply, with its size filled in. Not copied: nothing may be written after it. */
  finish(): Uint8Array {
    this.#view.setUint32(0, this.#length, true);
    return this.#bytes.subarray(0, this.#length);
  }

  /**
   * Makes room for a field. The view is another one afterwards if the reply had to grow.
   * @throws FileError EMSGSIZE when the reply grows past its limit
   */
  #advance(length: number): number {
    const start = this.#length;
    const end = start + length;
    if (end > this.#limit) {
      throw new FileError("EMSGSIZE", "the reply does not fit; mount with a larger msize");
    }
    if (end > this.#bytes.length) {
      this.#grow(Math.max(end, Math.min(this.#limit, this.#bytes.length * 2)));
    }
    this.#length = end;
    return start;
  }

  #grow(capacity: number): void {
    const longer = new Uint8Array(capacity);
    longer.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = longer;
    this.#view = new DataView(longer.buffer);
  }
}

function qidType(node: Node): number {
  if (node.kind === "directory") return QidType.directory;
  return node.kind === "symlink" ? QidType.symlink : QidType.file;
}
