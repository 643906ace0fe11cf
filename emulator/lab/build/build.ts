import type { Diagnostic } from "../../toolchain/index.js";
import type { NotBuilt } from "./build-end.js";

interface WhatToBuild {
  /** Folder of the guest, under /home, that the sources lie in. Default: `/home/student`. */
  readonly folder?: string;
  /** Written into the folder before: paths from it, and what is to be in them. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /**
   * Further options for the compiler. Default: for a module what the folder's Makefile asks for,
   * else `-g`.
   */
  readonly options?: readonly string[];
}

/** A kernel module, `MODULE.ko`. */
export interface ModuleToBuild extends WhatToBuild {
  /** `hello` for hello.ko. */
  readonly module: string;
  /**
   * C files, by their paths from the folder. Default: what the folder's Makefile says, else
   * `MODULE.c`.
   */
  readonly sources?: readonly string[];
}

/** A static program for the guest. */
export interface ProgramToBuild extends WhatToBuild {
  /** Its name in the folder, such as `a.out`. */
  readonly program: string;
  readonly sources: readonly string[];
}

export interface LabBuildOptions {
  /** Cancels the build. */
  readonly signal?: AbortSignal;
  /** Colours in the output, as clang has them on a terminal. */
  readonly colours?: boolean;
}

/** How a build ended; what is wrong with a source is a result, and no error. */
export type LabBuild =
  | {
      readonly outcome: "built";
      /** Where the guest has it: for `insmod()`, or `run()`. */
      readonly path: string;
      readonly bytes: Uint8Array;
      /** What was written on the way: warnings. */
      readonly output: string;
      readonly diagnostics: readonly Diagnostic[];
    }
  | NotBuilt;

/** What is fetched for a build, when it is first needed. */
export type BuildFetchPart = "compiler" | "headers" | "library";

export type BuildFetch =
  | {
      readonly state: "fetching";
      readonly part: BuildFetchPart;
      readonly loadedBytes: number;
      readonly totalBytes: number;
    }
  | { readonly state: "fetched"; readonly part: BuildFetchPart; readonly totalBytes: number }
  /** The build ends with the same error; the next one tries again. */
  | { readonly state: "failed"; readonly part: BuildFetchPart; readonly error: Error };
