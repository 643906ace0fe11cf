import type { NamedBuildJson } from "../build/report-json.js";
import type { CliContext } from "../context.js";
import { buildInputs } from "./build-inputs.js";
import { parseFileArgument } from "./file-argument.js";
import { type RunInputs, readInputs } from "./inputs.js";
import { parseModuleArgument } from "./module-argument.js";
import type { TestArgument } from "./test-argument.js";

/** What a command line names to be loaded, run and copied. */
export interface NamedInputs {
  readonly modules: readonly string[];
  readonly test: TestArgument | undefined;
  /** As `--file` has them. */
  readonly files: readonly string[] | undefined;
}

export interface TakenInputs {
  /** Undefined when something could not be built: then nothing can be run. */
  readonly inputs: RunInputs | undefined;
  readonly builds: readonly NamedBuildJson[];
}

/**
 * Builds the C files among what is named, and reads everything.
 * @param json what there is to say of builds is left to whoever prints the result
 * @throws InputError, ToolchainError `bad-request`
 */
export async function takeInputs(
  context: CliContext,
  named: NamedInputs,
  json = false,
): Promise<TakenInputs> {
  const files = (named.files ?? []).map((file) => parseFileArgument(file));
  const modules = named.modules.map((module) => parseModuleArgument(module));
  const built = await buildInputs(context, modules, named.test, json);
  const inputs = built.isComplete
    ? await readInputs(modules, named.test, files, built.files)
    : undefined;
  return { inputs, builds: built.json };
}
