import { MakefileError } from "./makefile-error.js";
import { MakefileVariables } from "./makefile-variables.js";
import { shellWords } from "./shell-words.js";
import type { SourceFolder } from "./source-files.js";

/** A module that a Makefile has built. */
export interface MakefileModule {
  /** `hello` for hello.ko. */
  readonly name: string;
  /** C files, by their paths from the folder. */
  readonly sources: readonly string[];
}

/** What a kbuild Makefile asks for (Documentation/kbuild/modules.rst, makefiles.rst). */
export interface KbuildMakefile {
  /** In the order in which it names them. */
  readonly modules: readonly MakefileModule[];
  /** Further options of the compiler, for all sources of the folder: `ccflags-y`. */
  readonly options: readonly string[];
  /** Those that are for one source alone, by its path from the folder: `CFLAGS_hello.o`. */
  readonly sourceOptions: ReadonlyMap<string, readonly string[]>;
}

export interface MakefileReading {
  /** What to call the file in errors. */
  readonly file: string;
  /** The folder that it is for, an absolute path: what `$(src)` and its like stand for. */
  readonly folder: string;
  /** What is set on make's command line: `CONFIG_HELLO=m`. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** kbuild looks for the first of them, and then for the other (scripts/Makefile.build). */
export const MAKEFILE_NAMES = ["Kbuild", "Makefile"];

/**
 * Reads the Makefile of a folder.
 * @param variables what is set on make's command line: `CONFIG_HELLO=m`
 * @returns undefined where there is none
 * @throws MakefileError (rejects)
 */
export async function readFolderMakefile(
  folder: SourceFolder,
  variables: Readonly<Record<string, string>> = {},
): Promise<KbuildMakefile | undefined> {
  for (const file of MAKEFILE_NAMES) {
    const bytes = await folder.read(file);
    if (bytes === undefined) continue;
    const text = new TextDecoder().decode(bytes);
    return readKbuildMakefile(text, { file, folder: folder.name, variables });
  }
  return undefined;
}

/**
 * Reads what a kbuild Makefile says of the modules of its folder, the part for kbuild where it has
 * one for make itself, too (`ifneq ($(KERNELRELEASE),)`). Rules do not matter here.
 * @throws MakefileError for what a build depends on and is not understood
 */
export function readKbuildMakefile(text: string, reading: MakefileReading): KbuildMakefile {
  const { file, folder } = reading;
  const environment = {
    // Only whether it is there matters: with it, kbuild reads the file.
    KERNELRELEASE: "6.1",
    ...Object.fromEntries(FOLDER_VARIABLES.map((name) => [name, folder])),
  };
  const variables = new MakefileVariables(file, text, environment, reading.variables ?? {});
  if (!variables.names.some((name) => name.startsWith("obj-"))) return NO_KBUILD_MAKEFILE;
  const words = (name: string): string[] => shellWords(variables.text(name));
  const refuse = (name: string, what: string): MakefileError =>
    new MakefileError(file, variables.line(name), what);
  const removed = variables.names.find((name) => /^(CFLAGS_REMOVE_|ccflags-remove-)/.test(name));
  if (removed !== undefined) throw refuse(removed, `${removed} is not understood here.`);

  const modules = words("obj-m").map((object): MakefileModule => {
    if (!object.endsWith(".o") || object.includes("/")) {
      throw refuse("obj-m", `"${object}" in obj-m is no module of this folder.`);
    }
    const name = object.slice(0, -".o".length);
    const parts = ["objs", "y", "m"].flatMap((suffix) => words(`${name}-${suffix}`));
    return { name, sources: (parts.length > 0 ? parts : [object]).map(sourceOf) };
  });
  return {
    modules,
    options: ["subdir-ccflags-y", "ccflags-y", "EXTRA_CFLAGS"].flatMap(words),
    sourceOptions: new Map(
      variables.names.flatMap((name) => {
        const [, object] = /^CFLAGS_(.+\.o)$/.exec(name) ?? [];
        return object === undefined ? [] : [[sourceOf(object), words(name)] as const];
      }),
    ),
  };
}

/** A Makefile of something else. */
const NO_KBUILD_MAKEFILE: KbuildMakefile = { modules: [], options: [], sourceOptions: new Map() };

/** Top-level Makefile and scripts/Makefile.build of the kernel; PWD and CURDIR when it is called. */
const FOLDER_VARIABLES = ["src", "obj", "M", "KBUILD_EXTMOD", "PWD", "CURDIR"];

function sourceOf(object: string): string {
  return object.replace(/\.o$/, ".c");
}
