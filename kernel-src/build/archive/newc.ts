import { type ArchiveEntry, sortEntries } from "./entry.js";

/**
 * The file types of st_mode, as in the kernel's include/uapi/linux/stat.h.
 */
const fileType = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  "character-device": 0o020000,
} as const;

/**
 * Writes a cpio archive in the "newc" format that the kernel unpacks as its first file system
 * (Documentation/driver-api/early-userspace/buffer-format.rst). Writing it here, and not with
 * cpio(1), makes device nodes and other owners possible without being root.
 *
 * The same entries give the same bytes, in whatever order they come.
 *
 * @param mtime seconds since 1970 that every entry gets
 */
export function writeNewc(entries: readonly ArchiveEntry[], mtime: number): Buffer {
  const parts: Buffer[] = [];
  let inode = 0;
  for (const entry of sortEntries(entries)) {
    parts.push(...member(entry, inode++, mtime));
  }
  const trailer = { kind: "file", path: "TRAILER!!!", mode: 0, uid: 0, gid: 0 } as const;
  parts.push(...member({ ...trailer, data: new Uint8Array() }, 0, 0, 0));
  return Buffer.concat(parts);
}

function member(
  entry: ArchiveEntry,
  inode: number,
  mtime: number,
  mode: number = fileType[entry.kind] | entry.mode,
): Buffer[] {
  const data = content(entry);
  const name = Buffer.from(`${entry.path}\0`);
  const [major, minor] =
    entry.kind === "character-device" ? [entry.major, entry.minor] : ([0, 0] as const);
  const header = [
    inode,
    mode,
    entry.uid,
    entry.gid,
    entry.kind === "directory" ? 2 : 1, // links
    mtime,
    data.length,
    0, // device of the file system
    0,
    major,
    minor,
    name.length,
    0, // checksum, unused in this format
  ]
    .map((field) => field.toString(16).toUpperCase().padStart(8, "0"))
    .join("");
  const head = Buffer.concat([Buffer.from(`070701${header}`), name]);
  return [pad(head), pad(data)];
}

function content(entry: ArchiveEntry): Buffer {
  if (entry.kind === "file") return Buffer.from(entry.data);
  if (entry.kind === "symlink") return Buffer.from(entry.target);
  return Buffer.alloc(0);
}

/** Header with name, and data, are each padded to 4 bytes. */
function pad(part: Buffer): Buffer {
  const missing = -part.length & 3;
  return missing === 0 ? part : Buffer.concat([part, Buffer.alloc(missing)]);
}
