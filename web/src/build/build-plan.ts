import {
  type KbuildMakefile,
  readFolderMakefile,
} from "../../../emulator/lab/build/kbuild-makefile.js";
import { MakefileError } from "../../../emulator/lab/build/makefile-error.js";
import { folderOf, nameOf } from "../editor/tab-names.js";
import type { Problem } from "./problems.js";

/** A program that tries the module out. */
export interface TestProgram {
  /** Its source, by its name in the folder. */
  readonly source: string;
  readonly program: string;
}

/** What is built in a folder, and loaded and run by Run. */
export interface BuildPlan {
  readonly folder: string;
  /** In the order in which they are built and loaded: `hello` for hello.ko. */
  readonly modules: readonly string[];
  readonly test: TestProgram | undefined;
}

export type Planned =
  | { readonly kind: "plan"; readonly plan: BuildPlan }
  /** The folder's Makefile is not understood. */
  | { readonly kind: "problem"; readonly problem: Problem }
  | { readonly kind: "nothing"; readonly why: string };

/** A folder of the guest's. */
export interface FolderToBuild {
  readonly path: string;
  /** Those of folders in it end with a `/`. */
  readonly names: readonly string[];
  read(path: string): Promise<string>;
}

/** What `cc` calls a program that it is given no other name for. */
const PROGRAM = "a.out";
/** A folder with more sources than that is no folder of an exercise. */
const MOST_SOURCES = 100;

const MAIN = /^[\w \t*]*\bmain\s*\(/m;
const MODULE = /^\s*(?:module_init|module_exit|MODULE_LICENSE)\s*\(/m;

/**
 * Finds out what is to be built: the modules that the folder's Makefile names, or else the source
 * that is shown; and the program that tries them out.
 * @param shown path of the file that the editor shows
 * @throws (rejects) what `read` throws
 */
export async function planBuild(folder: FolderToBuild, shown: string): Promise<Planned> {
  let makefile: KbuildMakefile | undefined;
  try {
    makefile = await readMakefile(folder);
  } catch (error) {
    if (error instanceof MakefileError)
      return { kind: "problem", problem: problemOf(error, folder) };
    throw error;
  }
  const taken = new Set(makefile?.modules.flatMap(({ sources }) => sources));
  const texts = await readSources(folder, taken);
  const programs = [...texts].filter(([, text]) => MAIN.test(text)).map(([name]) => name);
  const front = nameIn(folder.path, shown);
  const modules =
    makefile !== undefined && makefile.modules.length > 0
      ? makefile.modules.map(({ name }) => name)
      : modulesWithoutMakefile(texts, programs, front);
  const source = testOf(modules, programs, front);
  if (modules.length === 0 && source === undefined) {
    const why =
      "There is nothing to build here: the folder has no Makefile that names a module in obj-m, " +
      "and no C source is shown.";
    return { kind: "nothing", why };
  }
  const test = source === undefined ? undefined : { source, program: PROGRAM };
  return { kind: "plan", plan: { folder: folder.path, modules, test } };
}

function readMakefile({ path, names, read }: FolderToBuild): Promise<KbuildMakefile | undefined> {
  return readFolderMakefile({
    name: path,
    names: async () => names,
    read: async (name) =>
      names.includes(name) ? new TextEncoder().encode(await read(`${path}/${name}`)) : undefined,
  });
}

/** @returns the texts of the folder's C files that belong to no module of its Makefile. */
async function readSources(
  { path, names, read }: FolderToBuild,
  taken: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const sources = names.filter((name) => name.endsWith(".c") && !taken.has(name));
  const texts = sources
    .slice(0, MOST_SOURCES)
    .map(async (name) => [name, await read(`${path}/${name}`)] as const);
  return new Map(await Promise.all(texts));
}

function modulesWithoutMakefile(
  texts: ReadonlyMap<string, string>,
  programs: readonly string[],
  front: string | undefined,
): string[] {
  const isModule = (name: string): boolean => !programs.includes(name);
  const sources =
    front !== undefined && texts.has(front) && isModule(front)
      ? [front]
      : [...texts]
          .filter(([name, text]) => isModule(name) && MODULE.test(text))
          .map(([name]) => name);
  return sources.map((name) => name.slice(0, -".c".length));
}

/** The program in front; or the one that is called after a module; or the only one that there is. */
function testOf(
  modules: readonly string[],
  programs: readonly string[],
  front: string | undefined,
): string | undefined {
  if (front !== undefined && programs.includes(front)) return front;
  const named = modules.flatMap((module) => [`${module}-test.c`, `${module}_test.c`]);
  const test = named.find((name) => programs.includes(name));
  return test ?? (programs.length === 1 ? programs[0] : undefined);
}

function nameIn(folder: string, path: string): string | undefined {
  return folderOf(path) === folder ? nameOf(path) : undefined;
}

function problemOf({ file, line, message }: MakefileError, { path }: FolderToBuild): Problem {
  return {
    severity: "error",
    message: message.slice(message.indexOf(": ") + 2),
    place: { path: `${path}/${file}`, line: Math.max(1, line), column: 1 },
    notes: [],
    suggestions: [],
  };
}
