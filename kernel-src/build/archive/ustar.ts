import { type ArchiveEntry, sortEntries } from "./entry.js";

const blockSize = 512;

const typeFlag = {
  file: "0",
  symlink: "2",
  "character-device": "3",
  directory: "5",
} as const;

/**
 * Writes a tar archive in the ustar format (POSIX.1-1988). The same entries give the same bytes,
 * in whatever order they come.
 *
 * @param mtime seconds since 1970 that every entry gets
 * @throws if a path or a link's target is longer than ustar's 100 bytes: no path here needs more
 */
export function writeUstar(entries: readonly ArchiveEntry[], mtime: number): Buffer {
  const parts: Buffer[] = [];
  for (const entry of sortEntries(entries)) {
    const data = entry.kind === "file" ? Buffer.from(entry.data) : Buffer.alloc(0);
    parts.push(
      header(entry, data.length, mtime),
      data,
      Buffer.alloc(-data.length & (blockSize - 1)),
    );
  }
  // Two empty blocks end an archive.
  parts.push(Buffer.alloc(2 * blockSize));
  return Buffer.concat(parts);
}

function header(entry: ArchiveEntry, size: number, mtime: number): Buffer {
  const block = Buffer.alloc(blockSize);
  const text = (value: string, offset: number, length: number): void => {
    const bytes = Buffer.from(value);
    if (bytes.length > length) {
      throw new Error(
        `"${value}" is too long for a tar archive: ${bytes.length} bytes of ${length}.`,
      );
    }
    bytes.copy(block, offset);
  };
  const octal = (value: number, offset: number, length: number): void => {
    text(`${value.toString(8).padStart(length - 1, "0")}\0`, offset, length);
  };
  text(entry.kind === "directory" ? `${entry.path}/` : entry.path, 0, 100);
  octal(entry.mode, 100, 8);
  octal(entry.uid, 108, 8);
  octal(entry.gid, 116, 8);
  octal(size, 124, 12);
  octal(mtime, 136, 12);
  text(typeFlag[entry.kind], 156, 1);
  if (entry.kind === "symlink") text(entry.target, 157, 100);
  text("ustar\0", 257, 6);
  text("00", 263, 2);
  octal(entry.kind === "character-device" ? entry.major : 0, 329, 8);
  octal(entry.kind === "character-device" ? entry.minor : 0, 337, 8);
  // The checksum is taken with its own field full of spaces, and written as 6 digits, NUL, space.
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  text(`${sum.toString(8).padStart(6, "0")}\0 `, 148, 8);
  return block;
}
