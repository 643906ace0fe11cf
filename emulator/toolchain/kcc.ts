import { ToolchainError } from "./errors.js";
import { isRecord, isStringList, parseJson } from "./narrow.js";
import { absolutePath, normalPath } from "./wasi/file-layer.js";
import type { ProgramFiles } from "./wasi/program-files.js";
import { type ProgramEnd, runProgram } from "./wasi/run-program.js";

/** One step of what clang does for a command line: it compiles a file, or links. */
interface Job {
  readonly program: "cc1" | "ld";
  readonly arguments: readonly string[];
}

/** What clang would do for a command line, and how the program ended that said so. */
interface Plan {
  readonly end: ProgramEnd;
  readonly jobs: readonly Job[];
}

/** Where kcc writes what is to be done. */
const JOBS_FILE = "/tmp/jobs.json";
/** Plans that are kept: for some modules and programs that are built in turn. */
const KEPT_PLANS = 16;

/** Memory that a run may use, bytes: ten times what a module takes. */
export const DEFAULT_MEMORY_LIMIT = 512 * 1024 * 1024;

/** clang and lld, each run of which is a program of its own (kernel-src/toolchain/kcc). */
export class Kcc {
  readonly #program: WebAssembly.Module;
  readonly #memoryLimit: number;
  readonly #plans = new Map<string, Plan>();

  constructor(program: WebAssembly.Module, memoryLimit = DEFAULT_MEMORY_LIMIT) {
    this.#program = program;
    this.#memoryLimit = memoryLimit;
  }

  /**
   * Does what `clang OPTION...` does, up to the first step that fails.
   * @param files must have a folder /tmp that can be written to
   * @returns the end of the last step, with the output of all
   */
  async clang(
    options: readonly string[],
    files: ProgramFiles,
    folder: string,
  ): Promise<ProgramEnd> {
    const { end: planned, jobs } = await this.#plan(options, files, folder);
    let end = planned;
    for (const job of jobs) {
      const next = await this.#run([job.program, ...job.arguments], files, folder);
      end = { ...next, stdout: end.stdout + next.stdout, stderr: end.stderr + next.stderr };
      if (!succeeded(end)) break;
    }
    return end;
  }

  /** Does what `ld.lld OPTION...` does. */
  lld(options: readonly string[], files: ProgramFiles, folder: string): Promise<ProgramEnd> {
    return this.#run(["ld", ...options], files, folder);
  }

  /**
   * A build after an edit asks for the same as the one before. The plan does not depend on what is in
   * the files, but on which of them are there.
   */
  async #plan(options: readonly string[], files: ProgramFiles, folder: string): Promise<Plan> {
    const there = options.map((word) => files.find(absolutePath(folder, word)) !== undefined);
    const question = JSON.stringify([folder, options, there]);
    const known = this.#plans.get(question);
    if (known !== undefined) return known;
    const end = await this.#run(["jobs", JOBS_FILE, ...options], files, folder);
    const plan = { end, jobs: succeeded(end) ? readJobs(files) : [] };
    // What clang has looked for in vain is fetched then, and there the next time.
    if (files.missed.length > 0) return plan;
    this.#plans.set(question, plan);
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > KEPT_PLANS && oldest !== undefined) this.#plans.delete(oldest);
    return plan;
  }

  #run(words: readonly string[], files: ProgramFiles, folder: string): Promise<ProgramEnd> {
    return runProgram(this.#program, {
      arguments: ["kcc", ...words],
      folder: normalPath(folder),
      files,
      memoryLimit: this.#memoryLimit,
    });
  }
}

export function succeeded(end: ProgramEnd): boolean {
  return end.outcome === "exited" && end.status === 0;
}

function readJobs(files: ProgramFiles): Job[] {
  const bytes = files.read(JOBS_FILE);
  files.unlink(JOBS_FILE);
  // With --version, for example, clang prints something and there is nothing to do.
  if (bytes === undefined) return [];
  const jobs = parseJson(new TextDecoder().decode(bytes));
  if (Array.isArray(jobs) && jobs.every(isJob)) return jobs;
  throw new ToolchainError("not-available", "The compiler is not of this version of kspace.");
}

function isJob(value: unknown): value is Job {
  return (
    isRecord(value) &&
    (value.program === "cc1" || value.program === "ld") &&
    isStringList(value.arguments)
  );
}
