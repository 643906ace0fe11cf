import { nameProblem, pathProblem, visibleName } from "../files/file-name.js";
import { ShareLinkError } from "./share-link-error.js";

/** A text file, by its path from the folder. */
export interface SharedFile {
  readonly path: string;
  readonly text: string;
}

/** A folder's sources, as a link carries them. */
export interface SharedFolder {
  /** Of the folder, such as `2-fops`. */
  readonly name: string;
  readonly files: readonly SharedFile[];
}

/** A module of a course has a handful; those of the kernel's `samples/` have at most a dozen. */
export const MOST_FILES = 64;

/**
 * Of all names and texts together. C sources are packed to a third or a quarter: as much as this
 * comes into no link by far, unless somebody has made it to unpack to much.
 */
export const MOST_BYTES = 256 * 1024;

/**
 * @throws ShareLinkError `too-large`, or `refused` for what could not be put into a folder as it
 *   is: names that are none, twice the same, or a file where another one has its folder
 */
export function checkSharedFolder({ name, files }: SharedFolder): void {
  if (files.length === 0) throw new ShareLinkError("refused", "There are no sources to share.");
  if (files.length > MOST_FILES) {
    throw new ShareLinkError(
      "too-large",
      `A link holds at most ${MOST_FILES} files, and this would be ${files.length}.`,
    );
  }
  refuse(nameProblem(name));
  const paths = new Set<string>();
  for (const { path } of files) {
    refuse(pathProblem(path));
    if (paths.has(path)) refuse(`There are two files “${visibleName(path)}”.`);
    paths.add(path);
  }
  for (const path of paths) {
    for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
      const folder = path.slice(0, at);
      if (paths.has(folder)) refuse(`“${visibleName(folder)}” is both a file and a folder.`);
    }
  }
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new ShareLinkError("refused", problem);
}
