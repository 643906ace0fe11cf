import { relativeToKernelTree } from "../../../emulator/debuginfo/kernel-tree-path.js";
import type { ProblemPlace } from "./problems.js";

const HOME = "/home/student/";

/** A place as one reads it beside others of a folder: `hello.c:57:3`. */
export function placeName({ path, line, column }: ProblemPlace, folder: string): string {
  return `${shortPath(path, folder)}:${line}:${column}`;
}

function shortPath(path: string, folder: string): string {
  if (path.startsWith(`${folder}/`)) return path.slice(folder.length + 1);
  if (path.startsWith(HOME)) return `~/${path.slice(HOME.length)}`;
  return relativeToKernelTree(path);
}
