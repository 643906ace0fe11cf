import type { BuildFailure, BuildSources, BuildStep } from "./build-result.js";
import { type Diagnostic, parseDiagnostics } from "./diagnostics.js";
import type { FilePacks } from "./file-packs.js";
import { succeeded } from "./kcc.js";
import { FileLayer, normalPath } from "./wasi/file-layer.js";
import { ProgramFiles } from "./wasi/program-files.js";
import type { ProgramEnd } from "./wasi/run-program.js";

const MEBIBYTE = 2 ** 20;

/** Ends a build that cannot go on. */
class StepFailed extends Error {
  readonly failure: BuildFailure;

  constructor(failure: BuildFailure) {
    super(failure.outcome);
    this.failure = failure;
  }
}

export interface BuildRunOptions {
  readonly sources: BuildSources;
  readonly packs: FilePacks;
  /** Further files by absolute path. */
  readonly given?: ReadonlyMap<string, Uint8Array>;
  /** Further folders that have to be there. */
  readonly folders?: readonly string[];
  /** Reads the messages in what is written to the terminal; the compiler's and linker's if absent. */
  readonly explain?: (output: string) => readonly Diagnostic[];
}

/** One build on its way: its files, and what was written to the terminal so far. */
export class BuildRun {
  readonly files: ProgramFiles;
  step: BuildStep = "compile";
  readonly #folder: string;
  readonly #packs: FilePacks;
  readonly #explain: (output: string) => readonly Diagnostic[];
  #output = "";

  constructor(options: BuildRunOptions) {
    const { sources, packs, given = new Map(), folders = [], explain = parseDiagnostics } = options;
    this.#folder = sources.folder;
    this.#packs = packs;
    this.#explain = explain;
    const own = [...sources.files].map(([path, bytes]) => [this.path(path), bytes] as const);
    this.files = new ProgramFiles({
      layers: [new FileLayer([...own, ...given]), ...packs.layers],
      folders: [sources.folder, "/tmp", ...folders],
      elsewhere: packs.elsewhere,
    });
  }

  /** The messages among it. */
  get diagnostics(): readonly Diagnostic[] {
    return this.#explain(this.#output);
  }

  /** What was written to the terminal. */
  get output(): string {
    return this.#output;
  }

  /** The absolute path of a file in the folder of the sources. */
  path(name: string): string {
    return normalPath(`${this.#folder}/${name}`);
  }

  text(path: string): string {
    return new TextDecoder().decode(this.files.read(path));
  }

  write(path: string, content: string | Uint8Array): void {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    this.files.unlink(path);
    const node = this.files.createFile(path);
    if (typeof node !== "string") this.files.write(node, 0, bytes);
  }

  /** Notes how the program of a step ended. Throws what `until` catches when it did not do its work. */
  finish(end: ProgramEnd): void {
    this.#output += end.stdout + end.stderr;
    if (end.droppedOutput > 0) this.#output += `(and ${end.droppedOutput} bytes more)\n`;
    if (succeeded(end)) return;
    const { step, output } = this;
    if (end.outcome === "exited") {
      const { diagnostics } = this;
      throw new StepFailed({ outcome: "failed", step, output, diagnostics });
    }
    const reason =
      end.outcome === "crashed"
        ? end.reason
        : `${Math.ceil(end.memory / MEBIBYTE)} MiB of memory were not enough`;
    throw new StepFailed({ outcome: end.outcome, step, output, reason });
  }

  /** What a step has made; the build ends when it is not there. */
  result(path: string): Uint8Array {
    const bytes = this.files.read(path);
    if (bytes !== undefined) return bytes;
    const { step, output } = this;
    throw new StepFailed({ outcome: "crashed", step, output, reason: `there is no ${path}` });
  }

  /** Does the steps of a build. */
  async until<T>(steps: () => Promise<T>): Promise<T | BuildFailure> {
    let result: T | BuildFailure;
    try {
      result = await steps();
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      result = error.failure;
    }
    // Also when all went well: a source may ask with __has_include, and go on without.
    const packs = this.#packs.packsWith(this.files.missed);
    return packs.length > 0 ? { outcome: "files-wanted", packs } : result;
  }
}
