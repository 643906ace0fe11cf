import { relativeToKernelTree } from "../../../emulator/debuginfo/kernel-tree-path.js";
import { isUserPath, withTilde } from "../editor/tab-names.js";
import type { ProblemPlace } from "./problems.js";

/** A place as one reads it beside others of a folder: `hello.c:57:3`. */
export function placeName({ path, line, column }: ProblemPlace, folder: string): string {
  return `${shortPath(path, folder)}:${line}:${column}`;
}

/** A path as one reads it beside others of a folder. */
export function shortPath(path: string, folder: string): string {
  if (path.startsWith(`${folder}/`)) return path.slice(folder.length + 1);
  return isUserPath(path) ? withTilde(path) : relativeToKernelTree(path);
}
