import { isPatch, nameOf } from "../editor/tab-names.js";
import { type FolderSources, textOf } from "../files/folder-sources.js";
import type { SharedFile, SharedFolder } from "./shared-folder.js";

export interface ShareableFolder {
  readonly folder: SharedFolder;
  /** Paths of what a link does not carry. */
  readonly leftOut: readonly string[];
}

/**
 * What a link carries of a folder: its texts. The course's patches are left out, since whoever opens
 * it has them, too.
 */
export function shareable(path: string, { files, leftOut }: FolderSources): ShareableFolder {
  const texts: SharedFile[] = [];
  const others = [...leftOut];
  for (const file of files) {
    if (isPatch(file.path)) continue;
    const text = textOf(file);
    if (text === undefined) others.push(file.path);
    else texts.push({ path: file.path, text });
  }
  return { folder: { name: nameOf(path), files: texts }, leftOut: others };
}
