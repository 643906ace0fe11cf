import { relativeToKernelTree } from "../../../emulator/debuginfo/kernel-tree-path.js";

export const HOME = "/home/student";
/** What came by links, a folder each. */
export const SHARED = `${HOME}/shared`;

/** Editable: a file of the guest's user, as far as the path says. */
export function isUserPath(path: string): boolean {
  return path.startsWith(`${HOME}/`);
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** As a shell shows it: `~/2-fops`. */
export function withTilde(path: string): string {
  return path === HOME || isUserPath(path) ? `~${path.slice(HOME.length)}` : path;
}

/** `2-fops` of a section's folder, `shared/2-fops` of one that came by a link. */
export function folderTitle(folder: string): string {
  return isUserPath(folder) ? folder.slice(HOME.length + 1) : folder;
}

/** The course's edit of a section, which is shown as a comparison. */
export function isPatch(path: string): boolean {
  return path.endsWith(".patch");
}

/** What a compiler made: nothing to be read. */
export function isBuilt(name: string): boolean {
  return /\.(?:ko|o|a|mod|cmd|symvers|order)$/.test(name) || name === "a.out";
}

/** What a tab says, short enough to stand beside others; `folder` is the one that is open. */
export function tabTitle(path: string, folder: string): string {
  if (isPatch(path) && folderOf(path) === folder) return "The edit";
  if (folderOf(path) === folder) return nameOf(path);
  return isUserPath(path) ? path.slice(HOME.length + 1) : relativeToKernelTree(path);
}

/** Files that belong to every section, in the order in which one reads them; others by choice. */
const FIRST = ["hello.c", "hello-test.c", "Makefile"];

/** Which of a folder's files have a tab from the start. */
export function firstFiles(names: readonly string[]): string[] {
  return [...FIRST.filter((name) => names.includes(name)), ...names.filter(isPatch)];
}

/** Which of a folder's files can be opened, too. */
export function otherFiles(names: readonly string[]): string[] {
  const first = firstFiles(names);
  return names.filter((name) => !first.includes(name) && !name.endsWith("/") && !isBuilt(name));
}
