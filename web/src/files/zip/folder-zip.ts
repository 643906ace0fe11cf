import { Zip, ZipDeflate } from "fflate";
import { joinedBytes } from "../../../../emulator/browser/joined-bytes.js";
import type { SourceFile } from "../folder-sources.js";
import { hasMakefile, makeMakefile, partsOf } from "./made-makefile.js";
import { readMe } from "./read-me.js";

export interface FolderToZip {
  /** Of the folder, and of the one folder in the archive. */
  readonly name: string;
  readonly files: readonly SourceFile[];
  readonly kernelRelease: string | undefined;
  /** What the files' times are to be: the guest's clock is not the user's. */
  readonly now: Date;
}

/** APPNOTE.TXT of PKWARE, 4.4.2.2: the host is a UNIX, and so are the files' modes. */
const UNIX = 3;
/** stat(2): a regular file, rw-r--r--; external attributes have the mode in their upper half. */
const FILE_ATTRIBUTES = 0o100644 * 2 ** 16;

/** Packed between two looks at the clock: a millisecond or two of work. */
const PIECE_BYTES = 32 * 1024;

/**
 * An archive of a folder's sources that builds on a Linux machine: with a Makefile and a README.txt
 * if the folder has none of its own.
 * @param pause lets the page do other things; called after each piece
 */
export async function zipFolder(
  folder: FolderToZip,
  pause: () => Promise<void>,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let failure: Error | undefined;
  const zip = new Zip((error, piece) => {
    if (error !== null) failure = error;
    else pieces.push(piece);
  });
  for (const { path, bytes } of withBuildFiles(folder)) {
    const entry = new ZipDeflate(`${folder.name}/${path}`, { level: 6 });
    entry.mtime = folder.now;
    entry.os = UNIX;
    entry.attrs = FILE_ATTRIBUTES;
    zip.add(entry);
    for (let at = 0; at === 0 || at < bytes.length; at += PIECE_BYTES) {
      // A copy: the stream keeps what it was given.
      entry.push(bytes.slice(at, at + PIECE_BYTES), at + PIECE_BYTES >= bytes.length);
      await pause();
    }
  }
  zip.end();
  if (failure !== undefined) throw failure;
  return joinedBytes(pieces);
}

function withBuildFiles({ name, files, kernelRelease }: FolderToZip): readonly SourceFile[] {
  const parts = partsOf(files);
  const hasOwnMakefile = hasMakefile(files);
  const added: SourceFile[] = [];
  const add = (path: string, text: string): void => {
    if (files.some((file) => file.path === path)) return;
    added.push({ path, bytes: new TextEncoder().encode(text) });
  };
  if (!hasOwnMakefile) add("Makefile", makeMakefile(parts));
  add("README.txt", readMe({ ...parts, name, kernelRelease, hasOwnMakefile }));
  return [...added, ...files];
}
