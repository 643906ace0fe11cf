import type { Diagnostic } from "./diagnostics.js";

/** A part of a build, by who does it. */
export type BuildStep = "compile" | "merge" | "modpost" | "link";

/** How a build ended that made nothing. */
export type BuildFailure =
  /** Something is wrong with the sources. */
  | {
      readonly outcome: "failed";
      readonly step: BuildStep;
      /** What the compiler, modpost or the linker wrote. */
      readonly output: string;
      readonly diagnostics: readonly Diagnostic[];
    }
  /** Some files that it looks for are not here: fetch these packs, and build once more. */
  | { readonly outcome: "files-wanted"; readonly packs: readonly string[] }
  /** The program of a step came to no proper end. */
  | {
      readonly outcome: "out-of-memory" | "crashed";
      readonly step: BuildStep;
      readonly output: string;
      readonly reason: string;
    };

/** What every build is given. */
export interface BuildSources {
  /** The folder of the sources: an absolute path, which ends up in the debug information. */
  readonly folder: string;
  /** Paths from the folder of the C files to compile, one or several. */
  readonly sources: readonly string[];
  /** Everything in the folder that the compiler may read, headers included, by path from it. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Further options for the compiler: of a module's Makefile (`ccflags-y`), or of a command line. */
  readonly options?: readonly string[];
  /** Those that are for one source alone, by its path (`CFLAGS_hello.o` of a module's Makefile). */
  readonly sourceOptions?: ReadonlyMap<string, readonly string[]>;
  /** Colours in the messages, as in a terminal. */
  readonly colours?: boolean;
}
