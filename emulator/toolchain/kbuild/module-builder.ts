import { type Diagnostic, parseDiagnostics } from "../diagnostics.js";
import { ToolchainError } from "../errors.js";
import { DEFAULT_MEMORY_LIMIT, Kcc, succeeded } from "../kcc.js";
import { FileLayer, nameOf, normalPath, parentOf } from "../wasi/file-layer.js";
import { ProgramFiles } from "../wasi/program-files.js";
import { type ProgramEnd, runProgram } from "../wasi/run-program.js";
import { fixedDependencies } from "./dependencies.js";
import type { KernelHeaders } from "./headers.js";
import { compileOptions, type KbuildRecipe } from "./recipe.js";

/** What a module is made of. */
export interface ModuleSources {
  /** `hello` for hello.ko. */
  readonly name: string;
  /** The folder of the sources: an absolute path, which ends up in the debug information. */
  readonly folder: string;
  /** Paths from the folder of the C files to compile, one or several. */
  readonly sources: readonly string[];
  /** Everything in the folder that the compiler may read, headers included, by path from it. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Options of the module's own Makefile, behind the kernel's (`ccflags-y`). */
  readonly options?: readonly string[];
  /** What other modules export that it may use: texts of their Module.symvers. */
  readonly exports?: readonly string[];
  /** Colours in the messages, as in a terminal. */
  readonly colours?: boolean;
}

/** The parts of kbuild's work, in their order. */
export type BuildStep = "compile" | "merge" | "modpost" | "link";

export type ModuleBuild =
  | {
      readonly outcome: "built";
      readonly module: Uint8Array;
      /** What the module exports itself: its Module.symvers. */
      readonly exports: string;
      readonly output: string;
      readonly diagnostics: readonly Diagnostic[];
    }
  | {
      readonly outcome: "failed";
      readonly step: BuildStep;
      /** What the compiler, modpost or the linker wrote. */
      readonly output: string;
      readonly diagnostics: readonly Diagnostic[];
    }
  /** Some headers that it includes are not here: fetch these packs, and build once more. */
  | { readonly outcome: "headers-wanted"; readonly packs: readonly string[] }
  /** The program of a step came to no proper end. */
  | {
      readonly outcome: "out-of-memory" | "crashed";
      readonly step: BuildStep;
      readonly output: string;
      readonly reason: string;
    };

export interface ModuleBuilderParts {
  readonly kcc: WebAssembly.Module;
  readonly modpost: WebAssembly.Module;
  readonly recipe: KbuildRecipe;
  readonly headers: KernelHeaders;
  /** For each program that is run, bytes. */
  readonly memoryLimit?: number;
}

/** include/linux/moduleparam.h, MAX_PARAM_PREFIX_LEN: 64 bytes less the size of a long, with a NUL. */
const LONGEST_NAME = 55;
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]*$/;
/** Objects of generated parts that are kept: of two or three modules that are edited in turn. */
const KEPT_PARTS = 8;

/**
 * Builds modules as kbuild does, with its own programs and options, but all in this thread and
 * without files of the host. Builds do not wait for each other.
 */
export class ModuleBuilder {
  readonly headers: KernelHeaders;
  readonly #kcc: Kcc;
  readonly #modpost: WebAssembly.Module;
  readonly #recipe: KbuildRecipe;
  readonly #memoryLimit: number;
  /** By its text: modpost writes the same for a module until what it needs from others changes. */
  readonly #parts = new Map<string, Uint8Array>();

  constructor(parts: ModuleBuilderParts) {
    this.#memoryLimit = parts.memoryLimit ?? DEFAULT_MEMORY_LIMIT;
    this.#kcc = new Kcc(parts.kcc, this.#memoryLimit);
    this.#modpost = parts.modpost;
    this.#recipe = parts.recipe;
    this.headers = parts.headers;
  }

  /** @throws ToolchainError `bad-request` */
  async build(module: ModuleSources): Promise<ModuleBuild> {
    checkRequest(module);
    const run = new BuildRun(module, this.#files(module));
    try {
      await this.#compileSources(run);
      await this.#modpostModule(run);
      await this.#compilePart(run);
      await this.#link(run);
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      const packs = this.headers.packsWith(run.files.missed);
      return packs.length > 0 ? { outcome: "headers-wanted", packs } : error.build;
    }
    // A source may ask with __has_include, too, and go on without.
    const packs = this.headers.packsWith(run.files.missed);
    return packs.length > 0 ? { outcome: "headers-wanted", packs } : run.built();
  }

  #files({ folder, files, exports = [] }: ModuleSources): ProgramFiles {
    const given = [...files].map(
      ([path, bytes]) => [normalPath(`${folder}/${path}`), bytes] as const,
    );
    const symvers = exports.map(
      (text, index) => [`${EXPORTS_FOLDER}/${index}`, new TextEncoder().encode(text)] as const,
    );
    return new ProgramFiles({
      layers: [new FileLayer([...given, ...symvers]), ...this.headers.layers],
      folders: [folder, "/tmp", this.#recipe.tree],
      elsewhere: this.headers.elsewhere,
    });
  }

  async #compileSources(run: BuildRun): Promise<void> {
    const { module } = run;
    const objects: string[] = [];
    for (const source of module.sources) {
      const path = run.path(source);
      objects.push(await this.#compile(run, path, module.options ?? []));
    }
    const [only, ...others] = objects;
    const object = run.path(`${module.name}.o`);
    if (others.length === 0 && only === object) return;
    run.step = "merge";
    const options = [...this.#recipe.merge, "-o", object, ...objects];
    run.finish(await this.#kcc.lld(options, run.files, this.#recipe.tree));
  }

  /** @returns the object's path */
  async #compile(run: BuildRun, source: string, options: readonly string[]): Promise<string> {
    run.step = "compile";
    const base = source.slice(0, -".c".length);
    const object = `${base}.o`;
    const rules = `${base}.o.d`;
    const end = await this.#kcc.clang(
      [
        ...compileOptions(this.#recipe, nameOf(base), run.module.name),
        ...options,
        ...(run.module.colours ? ["-fcolor-diagnostics"] : []),
        ...[`-Wp,-MMD,${rules}`, "-c", "-o", object, source],
      ],
      run.files,
      this.#recipe.tree,
    );
    run.finish(end);
    // modpost takes from it which files the version of a module is made of.
    const command = `${parentOf(base)}/.${nameOf(base)}.o.cmd`;
    run.write(command, fixedDependencies(run.text(rules), object, source));
    return object;
  }

  async #modpostModule(run: BuildRun): Promise<void> {
    run.step = "modpost";
    const { module, files } = run;
    run.write(
      run.path(`${module.name}.mod`),
      module.sources.map((source) => `${run.path(source).replace(/\.c$/, ".o")}\n`).join(""),
    );
    const others = (module.exports ?? []).flatMap((_, index) => [
      "-i",
      `${EXPORTS_FOLDER}/${index}`,
    ]);
    const end = await runProgram(this.#modpost, {
      arguments: [
        "modpost",
        ...this.#recipe.modpost,
        ...["-o", run.path("Module.symvers"), "-i", `${this.#recipe.tree}/Module.symvers`],
        ...others,
        run.path(`${module.name}.o`),
      ],
      folder: this.#recipe.tree,
      files,
      memoryLimit: this.#memoryLimit,
    });
    run.finish(end);
  }

  /** Compiles what modpost has written: the part that says what the module is. */
  async #compilePart(run: BuildRun): Promise<void> {
    const source = run.path(`${run.module.name}.mod.c`);
    // The name of the source is in the debug information.
    const key = `${source}\n${run.text(source)}`;
    const known = this.#parts.get(key);
    if (known !== undefined) {
      run.write(source.replace(/\.c$/, ".o"), known);
      return;
    }
    const object = run.files.read(await this.#compile(run, source, []));
    if (object === undefined) return;
    this.#parts.set(key, object);
    const [oldest] = this.#parts.keys();
    if (this.#parts.size > KEPT_PARTS && oldest !== undefined) this.#parts.delete(oldest);
  }

  async #link(run: BuildRun): Promise<void> {
    run.step = "link";
    const name = run.path(run.module.name);
    const options = [...this.#recipe.link, "-o", `${name}.ko`, `${name}.o`, `${name}.mod.o`];
    run.finish(await this.#kcc.lld(options, run.files, this.#recipe.tree));
  }
}

/** Where a build has what other modules export. */
const EXPORTS_FOLDER = "/tmp/exports";

/** Ends a build that cannot go on. */
class StepFailed extends Error {
  readonly build: ModuleBuild;

  constructor(build: ModuleBuild) {
    super(build.outcome);
    this.build = build;
  }
}

/** One build on its way. */
class BuildRun {
  readonly module: ModuleSources;
  readonly files: ProgramFiles;
  step: BuildStep = "compile";
  #output = "";

  constructor(module: ModuleSources, files: ProgramFiles) {
    this.module = module;
    this.files = files;
  }

  path(name: string): string {
    return normalPath(`${this.module.folder}/${name}`);
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

  /** @throws StepFailed when the program did not do its work */
  finish(end: ProgramEnd): void {
    this.#output += end.stdout + end.stderr;
    if (end.droppedOutput > 0) this.#output += `(and ${end.droppedOutput} bytes more)\n`;
    if (succeeded(end)) return;
    const { step } = this;
    const output = this.#output;
    if (end.outcome === "exited") {
      const diagnostics = parseDiagnostics(output);
      throw new StepFailed({ outcome: "failed", step, output, diagnostics });
    }
    const reason =
      end.outcome === "crashed" ? end.reason : `${end.memory} bytes of memory were not enough`;
    throw new StepFailed({ outcome: end.outcome, step, output, reason });
  }

  built(): ModuleBuild {
    const module = this.files.read(this.path(`${this.module.name}.ko`));
    const output = this.#output;
    if (module === undefined) {
      return { outcome: "crashed", step: "link", output, reason: "the linker wrote no module" };
    }
    const exports = this.text(this.path("Module.symvers"));
    const diagnostics = parseDiagnostics(output);
    return { outcome: "built", module, exports, output, diagnostics };
  }
}

function checkRequest({ name, folder, sources, files }: ModuleSources): void {
  const bad = (why: string): ToolchainError => new ToolchainError("bad-request", why);
  if (!NAME.test(name)) throw bad(`"${name}" is no name for a module: letters, digits, _ and -.`);
  if (name.length > LONGEST_NAME) {
    throw bad(`"${name}" is too long for a module's name: at most ${LONGEST_NAME} characters.`);
  }
  if (!folder.startsWith("/")) throw bad(`The folder "${folder}" is no absolute path.`);
  if (sources.length === 0) throw bad(`${name}.ko needs at least one source.`);
  for (const source of sources) {
    if (!source.endsWith(".c")) throw bad(`${source} is no C file: its name must end in .c.`);
    if (!files.has(source)) throw bad(`There is no file ${source} in ${folder}.`);
  }
  if (new Set(sources).size < sources.length) throw bad("The same source is there twice.");
  if (sources.length > 1 && sources.includes(`${name}.c`)) {
    throw bad(
      `${name}.ko is made of several sources, so none may be ${name}.c: ` +
        `${name}.o is the name of all of them together. Rename the source or the module.`,
    );
  }
}
