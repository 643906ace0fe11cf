import { type BuildSources, ToolchainError } from "../../toolchain/index.js";
import { absolutePath } from "../../toolchain/wasi/file-layer.js";

/** A folder with C files, wherever it is. */
export interface SourceFolder {
  /** What to call it in messages. */
  readonly name: string;
  /** The names of the plain files in it, or in a folder below; none where there is no such folder. */
  names(folder: string): Promise<readonly string[]>;
  /** The content of a file; undefined where there is no plain file. */
  read(path: string): Promise<Uint8Array | undefined>;
}

export interface SourceLimits {
  readonly files: number;
  readonly bytes: number;
}

/** Many times what a module is made of; the compiler's thread gets a copy of all of it. */
const DEFAULT_LIMITS: SourceLimits = { files: 2000, bytes: 32 * 1024 * 1024 };
/** Most names are of headers elsewhere, and each is looked for in some folders. */
const NAMES_FOR_A_FILE = 20;
/** What is found by its ending alone is only there in case that somebody includes it by a macro. */
const MOST_NEIGHBOURS = 200;
const MOST_NEIGHBOUR_BYTES = 256 * 1024;
const HEADER = /\.(h|inc|def)$/;

/** What a build begins with, and what its options may name beside that. */
export type NamedSources = Pick<BuildSources, "sources" | "options" | "sourceOptions">;

/**
 * The files that the compiler is given for a build: its sources, what its options name of the folder,
 * and what those include.
 * @param workingFolder where the compiler is run, an absolute path
 * @throws ToolchainError (rejects) as `collectSources`
 */
export function collectForBuild(
  folder: SourceFolder,
  { sources, options = [], sourceOptions = new Map() }: NamedSources,
  workingFolder: string,
): Promise<Map<string, Uint8Array>> {
  const all = [...options, ...[...sourceOptions.values()].flat()];
  const named = namedByOptions(all, folder.name, workingFolder);
  return collectSources(folder, [...sources, ...named.files], named.folders);
}

/**
 * What the compiler is given for some sources: these, what they include of the folder or below, by
 * name, and what those include; and the other headers that lie beside them, which may be meant by a
 * macro, or by a name with a slip in it. Nothing outside of the folder is looked for.
 * @param sources paths from the folder; one that is not there is left out
 * @param includeFolders further folders that headers are looked for in, from the folder
 * @throws ToolchainError (rejects) `bad-request` when it is too much
 */
export async function collectSources(
  folder: SourceFolder,
  sources: readonly string[],
  includeFolders: readonly string[] = [],
  limits: SourceLimits = DEFAULT_LIMITS,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const seen = new Set<string>();
  let bytes = 0;
  const take = async (path: string): Promise<Uint8Array | undefined> => {
    if (seen.has(path)) return undefined;
    seen.add(path);
    // Of headers of the kernel, only that they are not here is found out.
    if (seen.size > NAMES_FOR_A_FILE * limits.files) throw tooMuch(folder, limits);
    const content = await folder.read(path);
    if (content === undefined) return undefined;
    bytes += content.length;
    if (files.size >= limits.files || bytes > limits.bytes) throw tooMuch(folder, limits);
    files.set(path, content);
    return content;
  };

  const pending = sources.flatMap((source) => pathBelow("", source) ?? []);
  const folders = new Set(["", ...pending.map(folderOf)]);
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const content = await take(path);
    if (content === undefined) continue;
    for (const name of includedNames(content)) {
      // Where the compiler looks: beside the file that includes, and where -I says.
      for (const from of new Set([folderOf(path), ...includeFolders])) {
        const included = pathBelow(from, name);
        if (included !== undefined && !seen.has(included)) pending.push(included);
      }
    }
  }
  for (const beside of folders) {
    const headers = (await folder.names(beside)).filter((name) => HEADER.test(name));
    for (const name of headers.slice(0, MOST_NEIGHBOURS)) {
      const path = beside === "" ? name : `${beside}/${name}`;
      if (seen.has(path)) continue;
      seen.add(path);
      const content = await folder.read(path);
      if (content !== undefined && content.length <= MOST_NEIGHBOUR_BYTES) files.set(path, content);
    }
  }
  return files;
}

/** What `#include`, `__has_include` and the assembler's `.incbin` name. */
const INCLUDED =
  /(?:^[ \t]*#[ \t]*(?:include|include_next|import)|__has_include[ \t]*\(|\.incbin)[ \t]*(?:\\?"([^"\\\n]+)|<([^>\n]+)>)/gm;

function includedNames(content: Uint8Array): Set<string> {
  const text = new TextDecoder().decode(content);
  return new Set(
    [...text.matchAll(INCLUDED)].flatMap(([, quoted, angled]) => quoted ?? angled ?? []),
  );
}

/**
 * The folders and files below a folder that options of the compiler name: with `-I` and its like, and
 * with `-include`.
 * @param folder an absolute path
 * @param workingFolder where the compiler is run, an absolute path
 */
export function namedByOptions(
  options: readonly string[],
  folder: string,
  workingFolder: string,
): { readonly folders: string[]; readonly files: string[] } {
  const folders: string[] = [];
  const files: string[] = [];
  for (const [index, option] of options.entries()) {
    const [, kind, joined] = /^(-I|-iquote|-isystem|-include)(.*)$/.exec(option) ?? [];
    const named = joined === "" ? options[index + 1] : joined;
    if (kind === undefined || named === undefined) continue;
    const path = `${absolutePath(workingFolder, named)}/`;
    if (!path.startsWith(`${folder}/`)) continue;
    (kind === "-include" ? files : folders).push(path.slice(folder.length + 1, -1));
  }
  return { folders, files };
}

/** A path from one of the folders, without `.` and `..`; undefined when it leads out. */
export function pathBelow(from: string, path: string): string | undefined {
  if (path.startsWith("/")) return undefined;
  const parts: string[] = from === "" ? [] : from.split("/");
  for (const part of path.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== "" && part !== ".") {
      parts.push(part);
    }
  }
  return parts.length === 0 ? undefined : parts.join("/");
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function tooMuch({ name }: SourceFolder, { files, bytes }: SourceLimits): ToolchainError {
  return new ToolchainError(
    "bad-request",
    `What the sources in ${name} include of it is too much: at most ${files} files and ` +
      `${bytes / 2 ** 20} MiB go to the compiler.`,
  );
}
