import type { Entry } from "./directory-entries.js";
import { FileError } from "./errors.js";
import type { NodeStore } from "./node-store.js";
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

/** The entry at a path, or undefined when there is none. Symbolic links are not followed. */
export function findEntry(store: NodeStore, path: string): Entry | undefined {
  let entry: Entry | undefined = store.rootEntry;
  for (const name of splitPath(path)) {
    if (entry?.node.kind !== "directory") return undefined;
    entry = entry.node.entries.get(name);
  }
  return entry;
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
