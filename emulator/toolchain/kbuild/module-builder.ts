import type { BuildFailure, BuildSources } from "../build-result.js";
import { BuildRun } from "../build-run.js";
import { type Diagnostic, parseDiagnostics } from "../diagnostics.js";
import { ToolchainError } from "../errors.js";
import type { FilePacks } from "../file-packs.js";
import { DEFAULT_MEMORY_LIMIT, Kcc } from "../kcc.js";
import { nameOf, parentOf } from "../wasi/file-layer.js";
import { runProgram } from "../wasi/run-program.js";
import { fixedDependencies } from "./dependencies.js";
import { includeNames } from "./include-names.js";
import { exportedNames, parseModpost } from "./modpost-messages.js";
import { compileOptions, type KbuildRecipe } from "./recipe.js";
import { withSuggestions } from "./suggestions.js";

/** What a module is made of. */
export interface ModuleSources extends BuildSources {
  /** `hello` for hello.ko. */
  readonly name: string;
  /** What other modules export that it may use: texts of their Module.symvers. */
  readonly exports?: readonly string[];
}

export type ModuleBuild =
  | {
      readonly outcome: "built";
      readonly module: Uint8Array;
      /** What the module exports itself: its Module.symvers. */
      readonly exports: string;
      readonly output: string;
      readonly diagnostics: readonly Diagnostic[];
    }
  | BuildFailure;

export interface ModuleBuilderParts {
  readonly kcc: WebAssembly.Module;
  readonly modpost: WebAssembly.Module;
  readonly recipe: KbuildRecipe;
  /** The kernel's headers, and what else a build reads of its tree. */
  readonly headers: FilePacks;
  /** For each program that is run, bytes. */
  readonly memoryLimit?: number;
}

/** include/linux/moduleparam.h, MAX_PARAM_PREFIX_LEN: 64 bytes less the size of a long, with a NUL. */
const LONGEST_NAME = 55;
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]*$/;
/** Where a build has what other modules export. */
const EXPORTS_FOLDER = "/tmp/exports";
/** Objects of generated parts that are kept: of some modules that are edited in turn. */
const KEPT_PARTS = 8;

/**
 * Builds modules as kbuild does, with its own programs and options, but all in this thread and
 * without files of the host. Builds do not wait for each other.
 */
export class ModuleBuilder {
  readonly headers: FilePacks;
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

  /** @throws ToolchainError (rejects) `bad-request` */
  async build(module: ModuleSources): Promise<ModuleBuild> {
    checkModuleSources(module);
    const exports = exportFiles(module);
    const run: BuildRun = new BuildRun({
      sources: module,
      packs: this.headers,
      given: exports,
      folders: [this.#recipe.tree],
      explain: (output) =>
        withSuggestions([...parseDiagnostics(output), ...parseModpost(output)], {
          headers: () => this.#headerNames(module),
          symbols: () => this.#exportedNames(run, module),
        }),
    });
    return run.until(async () => {
      await this.#compileSources(run, module);
      await this.#modpostModule(run, module, [...exports.keys()]);
      await this.#compilePart(run, module);
      return this.#link(run, module);
    });
  }

  async #compileSources(run: BuildRun, module: ModuleSources): Promise<void> {
    const objects: string[] = [];
    for (const source of module.sources) {
      const options = [...(module.options ?? []), ...(module.sourceOptions?.get(source) ?? [])];
      objects.push(await this.#compile(run, module, run.path(source), options));
    }
    const object = run.path(`${module.name}.o`);
    if (objects.length === 1 && objects[0] === object) return;
    run.step = "merge";
    const options = [...this.#recipe.merge, "-o", object, ...objects];
    run.finish(await this.#kcc.lld(options, run.files, this.#recipe.tree));
  }

  /** @returns the object's path */
  async #compile(
    run: BuildRun,
    module: ModuleSources,
    source: string,
    options: readonly string[],
  ): Promise<string> {
    run.step = "compile";
    const base = source.slice(0, -".c".length);
    const object = `${base}.o`;
    const rules = `${base}.o.d`;
    const end = await this.#kcc.clang(
      [
        ...compileOptions(this.#recipe, nameOf(base), module.name),
        ...options,
        ...(module.colours ? ["-fcolor-diagnostics"] : []),
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

  /** @param exports files that say what other modules export */
  async #modpostModule(
    run: BuildRun,
    module: ModuleSources,
    exports: readonly string[],
  ): Promise<void> {
    run.step = "modpost";
    const objects = module.sources.map((source) => run.path(source.replace(/\.c$/, ".o")));
    run.write(run.path(`${module.name}.mod`), objects.map((object) => `${object}\n`).join(""));
    const end = await runProgram(this.#modpost, {
      arguments: [
        "modpost",
        ...this.#recipe.modpost,
        ...["-o", run.path("Module.symvers"), "-i", `${this.#recipe.tree}/Module.symvers`],
        ...exports.flatMap((path) => ["-i", path]),
        run.path(`${module.name}.o`),
      ],
      folder: this.#recipe.tree,
      files: run.files,
      memoryLimit: this.#memoryLimit,
    });
    run.finish(end);
  }

  /** Compiles what modpost has written: the part that says what the module is. */
  async #compilePart(run: BuildRun, module: ModuleSources): Promise<void> {
    const source = run.path(`${module.name}.mod.c`);
    // The name of the source is in the debug information.
    const key = `${source}\n${run.text(source)}`;
    const known = this.#parts.get(key);
    if (known !== undefined) {
      run.write(source.replace(/\.c$/, ".o"), known);
      return;
    }
    this.#parts.set(key, run.result(await this.#compile(run, module, source, [])));
    const [oldest] = this.#parts.keys();
    if (this.#parts.size > KEPT_PARTS && oldest !== undefined) this.#parts.delete(oldest);
  }

  /** A module that does nothing when it is loaded is no mistake to kbuild, but mostly to its author. */
  #withoutStart(run: BuildRun, name: string): Diagnostic[] {
    const part = run.text(run.path(`${name}.mod.c`));
    if (part.includes(".init = ") || run.text(run.path("Module.symvers")) !== "") return [];
    const message = `${name}.ko has no module_init(): nothing happens when it is loaded`;
    return [{ severity: "warning", message }];
  }

  #headerNames({ files }: ModuleSources): string[] {
    return [...includeNames(this.#recipe, this.headers.packs), ...files.keys()];
  }

  #exportedNames(run: BuildRun, module: ModuleSources): string[] {
    const kernel = run.text(`${this.#recipe.tree}/Module.symvers`);
    return [kernel, ...(module.exports ?? [])].flatMap(exportedNames);
  }

  async #link(run: BuildRun, { name }: ModuleSources): Promise<ModuleBuild> {
    run.step = "link";
    const path = run.path(name);
    const options = [...this.#recipe.link, "-o", `${path}.ko`, `${path}.o`, `${path}.mod.o`];
    run.finish(await this.#kcc.lld(options, run.files, this.#recipe.tree));
    return {
      outcome: "built",
      module: run.result(`${path}.ko`),
      exports: run.text(run.path("Module.symvers")),
      output: run.output,
      diagnostics: [...run.diagnostics, ...this.#withoutStart(run, name)],
    };
  }
}

function exportFiles({ exports = [] }: ModuleSources): Map<string, Uint8Array> {
  const encoder = new TextEncoder();
  return new Map(
    exports.map((text, index) => [`${EXPORTS_FOLDER}/${index}`, encoder.encode(text)] as const),
  );
}

function hasVersion(source: Uint8Array | undefined): boolean {
  return /^\s*MODULE_VERSION\b/m.test(new TextDecoder().decode(source));
}

/**
 * Finds what cannot be built before anything is fetched for it.
 * @throws ToolchainError `bad-request`
 */
export function checkModuleSources({ name, folder, sources, files }: ModuleSources): void {
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
  // modpost takes the sources' names apart at blanks when it sums up a version of them
  // (scripts/mod/sumversion.c); kbuild itself takes no folder with a blank at all.
  const blank = [folder, ...sources].find((path) => /\s/.test(path));
  if (blank !== undefined && sources.some((source) => hasVersion(files.get(source)))) {
    throw bad(
      `A module with a MODULE_VERSION cannot be built where names have blanks in them ("${blank}").`,
    );
  }
  if (sources.length > 1 && sources.includes(`${name}.c`)) {
    throw bad(
      `${name}.ko is made of several sources, so none may be ${name}.c: ` +
        `${name}.o is the name of all of them together. Rename the source or the module.`,
    );
  }
}
