import { isBuilt } from "../editor/tab-names.js";
import type { LabActions } from "../lab-actions.js";
import { pathProblem } from "./file-name.js";

/** A file, by its path from the folder. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface FolderSources {
  /** Sorted by path. */
  readonly files: readonly SourceFile[];
  /** Paths of what is no build result and has a name that cannot be passed on. */
  readonly leftOut: readonly string[];
}

/** More are no folder of a module's: the guest can make as many as it likes. */
const MOST_FILES = 500;

/** Files that a build, or a tool on its behalf, leaves beside the sources. */
const LEFT_BY_BUILD = /\.mod\.c$|^\.tmp_|^\.cache\.mk$/;

/** All that is in a folder and that no compiler has made. */
export async function readSources(
  files: Pick<LabActions, "listFiles" | "readBytes">,
  folder: string,
): Promise<FolderSources> {
  const sources: SourceFile[] = [];
  const leftOut: string[] = [];
  let seen = 0;

  /** @param start of the paths: nothing, or a folder with its `/` */
  const walk = async (start: string): Promise<void> => {
    for (const listed of await files.listFiles(`${folder}/${start}`.slice(0, -1))) {
      if (++seen > MOST_FILES) {
        throw new Error(
          `${folder} has more than ${MOST_FILES} files in it: too many to take along.`,
        );
      }
      const isFolder = listed.endsWith("/");
      const name = isFolder ? listed.slice(0, -1) : listed;
      const path = start + name;
      if (LEFT_BY_BUILD.test(name) || (!isFolder && isBuilt(name))) continue;
      if (pathProblem(path) !== undefined) leftOut.push(path);
      else if (isFolder) await walk(`${path}/`);
      else {
        const bytes = await files.readBytes(`${folder}/${path}`);
        if (!isElf(bytes)) sources.push({ path, bytes });
      }
    }
  };

  await walk("");
  return { files: sources, leftOut };
}

/** What compiler and linker make (System V ABI, chapter 4: the magic number). */
export function isElf(bytes: Uint8Array): boolean {
  return [0x7f, 0x45, 0x4c, 0x46].every((byte, index) => bytes[index] === byte);
}

/** Undefined for what is no text, such as a picture. */
export function textOf({ bytes }: SourceFile): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
