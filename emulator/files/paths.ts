import type { Entry } from "./directory-entries.js";
import { FileError } from "./errors.js";
import { type DirectoryNode, isRemovedDirectory } from "./nodes.js";
import { decodeText, encodeText } from "./text.js";

/**
 * The names on a host's path. Paths begin at the tree's root, with or without "/".
 * @throws FileError EINVAL for ".." and NUL
 */
export function splitPath(path: string): string[] {
  // The one form of the text that names in directories have.
  const parts = decodeText(encodeText(path)).split("/");
  const names = parts.filter((part) => part !== "" && part !== ".");
  if (names.includes("..") || path.includes("\0")) {
    throw new FileError("EINVAL", `"${path}" is no path here; write it without ".." and NUL`, path);
  }
  return names;
}

/** The entry at a path from another, or undefined when there is none. Links are not followed. */
export function findEntry(root: Entry, path: string): Entry | undefined {
  let entry: Entry | undefined = root;
  for (const name of splitPath(path)) {
    if (entry?.node.kind !== "directory") return undefined;
    entry = entry.node.entries.get(name);
  }
  return entry;
}

/**
 * What an absolute path is called from one of the directories on it: "/" for the directory
 * itself, undefined for what is not below it.
 */
export function pathFrom(directory: string, path: string): string | undefined {
  if (directory === "/") return path;
  if (path === directory) return "/";
  return path.startsWith(`${directory}/`) ? path.slice(directory.length) : undefined;
}

/**
 * One step of a path.
 * @throws FileError ENOENT, ENOTDIR; ELOOP at a symbolic link
 */
export function stepInto(entry: Entry, path: string): DirectoryNode {
  const { node } = entry;
  if (node.kind === "directory" && !isRemovedDirectory(node)) return node;
  if (node.kind === "symlink") {
    throw new FileError(
      "ELOOP",
      `"${entry.name}" in "${path}" is a symbolic link to "${node.target}"; use the path it stands for`,
      path,
    );
  }
  throw new FileError("ENOTDIR", `"${entry.name}" in "${path}" is no directory`, path);
}
