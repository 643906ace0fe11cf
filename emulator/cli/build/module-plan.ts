import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { collectForBuild, type ModuleSources, readFolderMakefile } from "../../lab/index.js";
import { InputError } from "../errors.js";
import { refuseOtherLanguages } from "./c-file.js";
import { HostFolder } from "./host-folder.js";

/** A module to build of files of this machine. */
export interface PlannedModule {
  readonly module: Omit<ModuleSources, "exports" | "colours">;
  /** The file to write. */
  readonly output: string;
}

export interface PlanOptions {
  /** The file to write, NAME.ko. */
  readonly output?: string | undefined;
  /** For the compiler, in the place of what the Makefile asks for. */
  readonly options?: readonly string[] | undefined;
  /** {@link Compiler.tree} */
  readonly tree: string;
}

const DEFAULT_OPTIONS = ["-g"];

/**
 * Reads what is to be built: one module of C files, or what the Makefile of a folder says.
 * @param paths C files, or one folder
 * @throws InputError, ToolchainError `bad-request`
 */
export async function planModules(
  paths: readonly string[],
  options: PlanOptions,
): Promise<PlannedModule[]> {
  const [first = ""] = paths;
  if (paths.length === 1 && (await isFolder(first))) return planFolder(first, options);
  return [await planModule(paths, options)];
}

/**
 * Reads the C files of one module.
 * @throws InputError, ToolchainError `bad-request`
 */
export async function planModule(
  paths: readonly string[],
  plan: PlanOptions,
): Promise<PlannedModule> {
  for (const path of paths) refuseOtherLanguages(path);
  const output = plan.output ?? onlyName(paths);
  if (!output.endsWith(".ko")) {
    throw new InputError(`${output} is no name for a module: write -o NAME.ko.`);
  }
  const folder = await HostFolder.ofSources(paths);
  const makefile = plan.options === undefined ? await readFolderMakefile(folder) : undefined;
  const module = await readModule(folder, plan.tree, {
    name: basename(output, ".ko"),
    sources: folder.sources,
    options: plan.options ?? makefile?.options ?? DEFAULT_OPTIONS,
    sourceOptions: makefile?.sourceOptions ?? new Map(),
  });
  return { module, output };
}

function onlyName(paths: readonly string[]): string {
  const [first = ""] = paths;
  if (paths.length === 1) return `${basename(first, ".c")}.ko`;
  throw new InputError("Several sources make one module: say which with -o NAME.ko.");
}

async function planFolder(path: string, plan: PlanOptions): Promise<PlannedModule[]> {
  const folder = await HostFolder.ofFolder(path);
  const makefile = await readFolderMakefile(folder);
  const modules = makefile?.modules ?? [];
  if (makefile === undefined || modules.length === 0) {
    const lacks = makefile === undefined ? "has no Makefile" : "has a Makefile without obj-m";
    throw new InputError(`${path} ${lacks}: name the C files to build, or write obj-m := NAME.o.`);
  }
  if (plan.output !== undefined && modules.length > 1) {
    throw new InputError(`The Makefile of ${path} makes ${modules.length} modules: leave -o out.`);
  }
  return Promise.all(
    modules.map(async ({ name, sources }) => ({
      output: plan.output ?? join(path, `${name}.ko`),
      module: await readModule(folder, plan.tree, {
        name,
        sources,
        options: plan.options ?? makefile.options,
        sourceOptions: plan.options === undefined ? makefile.sourceOptions : new Map(),
      }),
    })),
  );
}

async function readModule(
  folder: HostFolder,
  tree: string,
  module: Required<Pick<ModuleSources, "name" | "sources" | "options" | "sourceOptions">>,
): Promise<PlannedModule["module"]> {
  const files = await collectForBuild(folder, module, tree);
  return { ...module, folder: folder.name, files };
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}
