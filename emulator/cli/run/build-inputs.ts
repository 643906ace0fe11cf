import { basename } from "node:path";
import type { FinishedModule, FinishedProgram } from "../../lab/index.js";
import { buildModules } from "../build/build-modules.js";
import { buildText } from "../build/build-text.js";
import { isCFile } from "../build/c-file.js";
import { withCompiler } from "../build/compiler.js";
import { type Finished, timed } from "../build/finished.js";
import { planModule } from "../build/module-plan.js";
import { planProgram } from "../build/program-plan.js";
import { buildJson, type NamedBuildJson } from "../build/report-json.js";
import type { CliContext } from "../context.js";
import { showsColours, styleFor } from "../terminal-style.js";
import { guestPathOf } from "./file-argument.js";
import type { ModuleArgument } from "./module-argument.js";
import type { TestArgument } from "./test-argument.js";

/** A file that was built of a C file on the command line, to be used in its place. */
export interface BuiltFile {
  /** What it is called. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What was built before anything is run. */
export interface BuiltInputs {
  /** By the C file as it was named; one that could not be built is missing. */
  readonly files: ReadonlyMap<string, BuiltFile>;
  readonly json: readonly NamedBuildJson[];
  /** Otherwise nothing can be run. */
  readonly isComplete: boolean;
}

/**
 * Builds what was named as a C file, in the place of a module or of the test.
 * @param json what there is to say is not told, but left to whoever prints the result
 * @throws InputError, ToolchainError `bad-request`
 */
export async function buildInputs(
  context: CliContext,
  modules: readonly ModuleArgument[],
  test: TestArgument | undefined,
  json = false,
): Promise<BuiltInputs> {
  const sources = modules.map(({ file }) => file).filter(isCFile);
  const program = test && isCFile(test.program) ? test.program : undefined;
  if (sources.length === 0 && program === undefined) {
    return { files: new Map(), json: [], isComplete: true };
  }
  const { text, ...built } = await build(context, { modules: sources, test: program }, json);
  if (!json) {
    context.stderr.write(text);
    if (!built.isComplete) {
      context.stderr.write("kspace: not everything was built, so nothing is run.\n");
    }
  }
  return built;
}

interface Wanted {
  /** C files that modules are made of, each one of one. */
  readonly modules: readonly string[];
  /** The C file of the test. */
  readonly test: string | undefined;
}

/** @returns also the messages for a person */
async function build(
  context: CliContext,
  { modules, test }: Wanted,
  json: boolean,
): Promise<BuiltInputs & { readonly text: string }> {
  const { signal, stderr, env } = context;
  const colours = !json && showsColours(stderr, env);
  const style = styleFor(stderr, env);
  const files = new Map<string, BuiltFile>();
  const texts: string[] = [];
  const builds: NamedBuildJson[] = [];
  const note = (
    source: string,
    name: string,
    finished: Finished<FinishedModule | FinishedProgram>,
  ): void => {
    const { build } = finished;
    if (build.outcome === "built") {
      files.set(source, { name, bytes: "module" in build ? build.module : build.program });
    }
    texts.push(buildText(build, style));
    builds.push({ name, ...buildJson(finished, guestPathOf(name)) });
  };
  await withCompiler(context, async ({ session, tree, show }) => {
    const plans = await Promise.all(modules.map((path) => planModule([path], { tree })));
    const name = basename(test ?? "", ".c");
    const program = test === undefined ? undefined : await planProgram([test], name);
    const built = await buildModules(session, plans, { signal, colours, show });
    for (const [index, one] of built.entries()) {
      note(modules[index] ?? "", `${one.planned.module.name}.ko`, one);
    }
    if (test === undefined || program === undefined) return;
    show(name);
    note(test, name, await timed(() => session.buildProgram({ ...program, colours }, signal)));
  });
  const isComplete = builds.every(({ outcome }) => outcome === "built");
  return { files, text: texts.join(""), json: builds, isComplete };
}
