import { joinedBytes } from "./joined-bytes.js";
import type { KeptBytes } from "./protocol.js";

/**
 * Files up to this size are kept in the browser, whose storage is small: sources, and modules with
 * their debug information.
 */
export const LARGEST_KEPT_BYTES = 256 * 1024;

/** Arguments of one call: engines take some 65,000. */
const CALL_BYTES = 0x8000;

/** A file that is no text, as the browser keeps it. */
export async function packBytes(bytes: Uint8Array, mode: number): Promise<KeptBytes> {
  const source = new Blob([bytes as BlobPart]).stream();
  const packed = await readAll(source.pipeThrough(new CompressionStream("deflate")));
  let binary = "";
  for (let at = 0; at < packed.length; at += CALL_BYTES) {
    binary += String.fromCharCode(...packed.subarray(at, at + CALL_BYTES));
  }
  return { mode, packed: btoa(binary) };
}

/** @throws (rejects) for what is damaged, or larger than what is kept */
export async function unpackBytes({ packed }: KeptBytes): Promise<Uint8Array> {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const source = new Blob([bytes]).stream();
  return readAll(source.pipeThrough(new DecompressionStream("deflate")), LARGEST_KEPT_BYTES);
}

async function readAll(
  stream: ReadableStream<Uint8Array>,
  most = Number.POSITIVE_INFINITY,
): Promise<Uint8Array> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joinedBytes(chunks);
    chunks.push(value);
    length += value.length;
    if (length <= most) continue;
    await reader.cancel();
    throw new RangeError(`This unpacks to more than ${most} bytes.`);
  }
}
