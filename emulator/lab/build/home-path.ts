import type { FileTree } from "../../files/index.js";

/** Where the host sees the guest's files. */
export const HOME = "/home";
/** As many links as Linux follows: include/linux/namei.h, MAXSYMLINKS. */
const LINKS_MAX = 40;

/**
 * The path in the tree of `/home` that a path of the guest leads to, by way of symbolic links. What it
 * leads to need not be there.
 * @param path absolute
 * @returns undefined when it leads out of `/home`, where the host does not see, or round in a circle
 */
export function homePath(files: FileTree, path: string): string | undefined {
  if (!isInHome(path)) return undefined;
  const ahead = namesOf(path.slice(HOME.length));
  const found: string[] = [];
  let links = 0;
  for (let name = ahead.shift(); name !== undefined; name = ahead.shift()) {
    if (name === "..") {
      if (found.pop() === undefined) return undefined;
      continue;
    }
    found.push(name);
    const target = linkTarget(files, found.join("/"));
    if (target === undefined) continue;
    if (++links > LINKS_MAX) return undefined;
    found.pop();
    if (target.startsWith("/")) {
      if (!isInHome(target)) return undefined;
      found.length = 0;
    }
    ahead.unshift(...namesOf(target.startsWith("/") ? target.slice(HOME.length) : target));
  }
  return found.join("/");
}

function isInHome(path: string): boolean {
  return path === HOME || path.startsWith(`${HOME}/`);
}

function namesOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}

function linkTarget(files: FileTree, path: string): string | undefined {
  if (!files.exists(path) || files.stat(path).kind !== "symlink") return undefined;
  return files.readLink(path);
}
