import type { BuildFailure, BuildSources } from "./build-result.js";
import { BuildRun } from "./build-run.js";
import type { Diagnostic } from "./diagnostics.js";
import { ToolchainError } from "./errors.js";
import type { FilePacks } from "./file-packs.js";
import { Kcc } from "./kcc.js";
import { isRecord, isStringList, parseJson } from "./narrow.js";

/** What a program for the guest is made of. */
export interface ProgramSources extends BuildSources {
  /** The program's file, by its path from the folder; `a.out` when absent, as with every cc. */
  readonly program?: string;
}

export type ProgramBuild =
  | {
      readonly outcome: "built";
      readonly program: Uint8Array;
      readonly output: string;
      readonly diagnostics: readonly Diagnostic[];
    }
  | BuildFailure;

export interface ProgramBuilderParts {
  readonly kcc: WebAssembly.Module;
  /** Options of clang for any program of the guest: `parseProgramOptions`. */
  readonly options: readonly string[];
  /** The C library and its headers, by path from the root. */
  readonly library: FilePacks;
  /** For each program that is run, bytes. */
  readonly memoryLimit?: number;
}

/** clang wants to see the linker that it is told to use, and runs none itself here. */
const LINKER = new Map([["/usr/lib/llvm-16/bin/ld.lld", new Uint8Array()]]);

/** Builds programs for the guest, all in this thread and without files of the host. */
export class ProgramBuilder {
  readonly library: FilePacks;
  readonly #kcc: Kcc;
  readonly #options: readonly string[];

  constructor({ kcc, options, library, memoryLimit }: ProgramBuilderParts) {
    this.#kcc = new Kcc(kcc, memoryLimit);
    this.#options = options;
    this.library = library;
  }

  /** @throws ToolchainError (rejects) `bad-request` */
  async build(program: ProgramSources): Promise<ProgramBuild> {
    const { folder, sources, options = [], colours = false } = program;
    if (!folder.startsWith("/")) {
      throw new ToolchainError("bad-request", `The folder "${folder}" is no absolute path.`);
    }
    const run = new BuildRun({ sources: program, packs: this.library, given: LINKER });
    const name = program.program ?? "a.out";
    return run.until(async () => {
      const end = await this.#kcc.clang(
        [
          ...this.#options,
          ...(colours ? ["-fcolor-diagnostics"] : []),
          ...options,
          ...["-o", name, ...sources.map(asFile)],
        ],
        run.files,
        folder,
      );
      run.finish(end);
      return {
        outcome: "built",
        program: run.result(run.path(name)),
        output: run.output,
        diagnostics: run.diagnostics,
      };
    });
  }
}

/** A name that clang takes for no option. */
function asFile(source: string): string {
  return source.startsWith("-") ? `./${source}` : source;
}

/** @throws ToolchainError `bad-recipe` */
export function parseProgramOptions(text: string): string[] {
  const value = parseJson(text);
  if (isRecord(value) && isStringList(value.options)) return value.options;
  throw new ToolchainError(
    "bad-recipe",
    "cc.json is no recipe of this version: images and program do not belong together.",
  );
}
