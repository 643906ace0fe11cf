import { HOME } from "../editor/tab-names.js";
import type { SourceTarget } from "../lab-store.js";

/** A place in a source that a line of the terminal names. */
export interface SourceLink {
  /** Index of its first character in the line. */
  readonly start: number;
  /** Index behind its last one. */
  readonly end: number;
  /** As it stands there. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** As compilers, make, gdb and the kernel write places: `hello.c:57`, `./hello.c:57:3`. */
const PLACE =
  /(?<![\w./~+-])(?<path>(?:[\w.~+-]*\/)*(?:[\w+-][\w.+-]*\.[chS]|Makefile|Kbuild)):(?<line>\d{1,6})(?::(?<column>\d{1,4}))?(?![\w.])/g;

/** The shell's prompt in the guest (kernel-src/rootfs/etc/shrc), with the folder in it. */
const PROMPT = /^[\w.-]+@[\w.-]+:(?<folder>[~/][^$#]*)[$#]( |$)/;

/** The kernel's tree, from which its own messages and debug information name files. */
const KERNEL_PATH =
  /^(\.\/)?(arch|block|certs|crypto|drivers|fs|include|init|io_uring|ipc|kernel|lib|mm|net|security|sound|virt)\//;

export function findSourceLinks(line: string): SourceLink[] {
  const links: SourceLink[] = [];
  for (const match of line.matchAll(PLACE)) {
    const { path, line: lineNumber, column } = match.groups ?? {};
    if (path === undefined || Number(lineNumber) === 0) continue;
    links.push({
      start: match.index,
      end: match.index + match[0].length,
      path,
      line: Number(lineNumber),
      column: Number(column ?? 1),
    });
  }
  return links;
}

/** The folder that a prompt shows; undefined for a line that begins with none. */
export function folderOfPrompt(line: string): string | undefined {
  const folder = PROMPT.exec(line)?.groups?.folder;
  return folder?.replace(/^~(?=\/|$)/, HOME);
}

/**
 * Where a link leads.
 * @param folder in which the program ran that wrote it; undefined when that is not known
 */
export function resolveSourceLink(link: SourceLink, folder: string | undefined): SourceTarget {
  const { path, line, column } = link;
  return { path: resolvePath(path, folder ?? HOME), line, column };
}

function resolvePath(path: string, folder: string): string {
  if (KERNEL_PATH.test(path)) return path;
  if (path.startsWith("~/")) return HOME + path.slice(1);
  const names: string[] = [];
  for (const name of (path.startsWith("/") ? path : `${folder}/${path}`).split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return `/${names.join("/")}`;
}
