import { deflateSync, Inflate } from "fflate";
import { joinedBytes } from "../../../emulator/browser/joined-bytes.js";
import { crc32 } from "../../../emulator/console/crc32.js";
import { ShareLinkError } from "./share-link-error.js";
import {
  checkSharedFolder,
  MOST_BYTES,
  MOST_FILES,
  type SharedFile,
  type SharedFolder,
} from "./shared-folder.js";

/*
 * Version 1 of what a share link holds. Once published it is never changed: links live long.
 *
 *   bytes 0–3   CRC-32 of the text below, little-endian
 *   then        the text below, as raw DEFLATE (RFC 1951)
 *
 *   the folder's name, then of each file its path and its text; each of them as its length in
 *   bytes, LEB128, and then its bytes, UTF-8.
 */

const CHECKSUM_BYTES = 4;

/** What is unpacked at once; DEFLATE makes at most 1032 bytes of one (zlib, "Technical Details"). */
const PIECE_BYTES = 256;

/** @throws ShareLinkError `too-large` or `refused` */
export function packFolder(folder: SharedFolder): Uint8Array {
  checkSharedFolder(folder);
  const texts = [folder.name, ...folder.files.flatMap(({ path, text }) => [path, text])];
  // A character is a byte at least: what is far too much is not even encoded.
  if (texts.reduce((sum, { length }) => sum + length, 0) > MOST_BYTES) throw tooMuch();
  const parts = texts.flatMap((text) => {
    const bytes = new TextEncoder().encode(text);
    return [leb128(bytes.length), bytes];
  });
  const plain = joinedBytes(parts);
  if (plain.length > MOST_BYTES) throw tooMuch();
  const packed = deflateSync(plain, { level: 9 });
  const checksum = new Uint8Array(CHECKSUM_BYTES);
  new DataView(checksum.buffer).setUint32(0, crc32(plain), true);
  return joinedBytes([checksum, packed]);
}

/**
 * Anybody can have made these bytes: no more than what is allowed is ever unpacked, and what comes
 * out has passed {@link checkSharedFolder}.
 * @throws ShareLinkError `damaged`, `too-large` or `refused`
 */
export function unpackFolder(bytes: Uint8Array): SharedFolder {
  if (bytes.length <= CHECKSUM_BYTES) throw damaged();
  const expected = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const plain = inflate(bytes.subarray(CHECKSUM_BYTES));
  if (crc32(plain) !== expected) throw damaged();
  const folder = parse(plain);
  checkSharedFolder(folder);
  return folder;
}

function inflate(packed: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  let total = 0;
  let hasEnded = false;
  const inflater = new Inflate((piece, isLast) => {
    total += piece.length;
    if (total > MOST_BYTES) throw tooMuch();
    pieces.push(piece);
    hasEnded = isLast;
  });
  try {
    for (let at = 0; at < packed.length; at += PIECE_BYTES) {
      const end = Math.min(at + PIECE_BYTES, packed.length);
      inflater.push(packed.slice(at, end), end === packed.length);
    }
  } catch (cause) {
    throw cause instanceof ShareLinkError ? cause : damaged(cause);
  }
  if (!hasEnded) throw damaged();
  return joinedBytes(pieces);
}

function parse(plain: Uint8Array): SharedFolder {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let at = 0;
  const text = (): string => {
    const { value: length, next } = readLeb128(plain, at);
    at = next + length;
    if (at > plain.length) throw damaged();
    try {
      return decoder.decode(plain.subarray(next, at));
    } catch (cause) {
      throw new ShareLinkError("refused", "It holds something that is no text.", { cause });
    }
  };
  const name = text();
  const files: SharedFile[] = [];
  while (at < plain.length) {
    if (files.length === MOST_FILES) {
      throw new ShareLinkError("too-large", `It holds more than ${MOST_FILES} files.`);
    }
    const path = text();
    const content = text();
    if (content.includes("\0")) {
      throw new ShareLinkError("refused", "It holds something that is no text.");
    }
    files.push({ path, text: content });
  }
  return { name, files };
}

/** Unsigned LEB128 (DWARF 5, 7.6). */
function leb128(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

/** As far as it can be a length of something that is there. */
function readLeb128(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  for (let index = 0; index < 3; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) throw damaged();
    value |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) return { value, next: at + index + 1 };
  }
  throw damaged();
}

function damaged(cause?: unknown): ShareLinkError {
  return new ShareLinkError(
    "damaged",
    "It is not whole: it may have been cut off on its way. Ask for it again.",
    { cause },
  );
}

function tooMuch(): ShareLinkError {
  return new ShareLinkError(
    "too-large",
    `A link holds at most ${MOST_BYTES / 1024} KiB of names and texts, and this would be more.`,
  );
}
