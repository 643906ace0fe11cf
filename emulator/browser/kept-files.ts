import { unpackBytes } from "./kept-bytes.js";
import type { UserFiles } from "./protocol.js";

export interface KeptFile {
  readonly content: Uint8Array;
  /** Absent: that of the course's file, or what new files have. */
  readonly mode?: number;
}

/** What the browser has kept of the user's work, to be put into the guest; paths in the guest. */
export interface KeptFiles {
  readonly files: ReadonlyMap<string, KeptFile>;
  readonly removed: readonly string[];
  readonly folders: readonly string[];
  /** Files that cannot be read any more. */
  readonly damaged: readonly string[];
}

/** Unpacks what the browser has kept. */
export async function unpackFiles(kept: UserFiles): Promise<KeptFiles> {
  const { written = {}, bytes = {}, removed = [], folders = [] } = kept;
  const files = new Map<string, KeptFile>();
  for (const [path, text] of Object.entries(written)) {
    files.set(path, { content: new TextEncoder().encode(text) });
  }
  const damaged: string[] = [];
  for (const [path, one] of Object.entries(bytes)) {
    try {
      files.set(path, { content: await unpackBytes(one), mode: one.mode });
    } catch {
      damaged.push(path);
    }
  }
  return { files, removed, folders, damaged };
}
