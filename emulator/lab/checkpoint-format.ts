/**
 * How a file of a checkpoint begins: "KSPACE" and the version of the format, then the length of a
 * JSON header as a little-endian double word, and the header. Behind it is the machine's state,
 * gzipped.
 */
export const MAGIC = Uint8Array.of(0x4b, 0x53, 0x50, 0x41, 0x43, 0x45, 0x00, 0x01);

/** Bytes of the magic and the length: where the header begins. */
export const HEADER_START = MAGIC.length + 4;

/**
 * Where the machine's state begins.
 * @param start the file's first bytes, {@link HEADER_START} at least
 * @returns undefined when they do not begin such a file.
 */
export function stateOffset(start: Uint8Array): number | undefined {
  if (start.length < HEADER_START || MAGIC.some((byte, index) => start[index] !== byte)) {
    return undefined;
  }
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  return HEADER_START + view.getUint32(MAGIC.length, true);
}
