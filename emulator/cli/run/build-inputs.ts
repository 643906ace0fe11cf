import { basename } from "node:path";
import type { FinishedModule, FinishedProgram } from "../../lab/index.js";
import { buildModules } from "../build/build-modules.js";
import { buildText } from "../build/build-text.js";
import { withCompiler } from "../build/compiler.js";
import { type Finished, timed } from "../build/finished.js";
import { planModule } from "../build/module-plan.js";
import { planProgram } from "../build/program-plan.js";
import { buildJson, type NamedBuildJson } from "../build/report-json.js";
import type { CliContext } from "../context.js";
import { showsColours, styleFor } from "../terminal-style.js";
import { guestPathOf } from "./file-argument.js";

/** A file that was built of a C file on the command line, to be used in its place. */
export interface BuiltFile {
  /** What it is called. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What was built for a run. */
export interface BuiltInputs {
  /** By the C file as it was named; one that could not be built is missing. */
  readonly files: ReadonlyMap<string, BuiltFile>;
  /** What there is to say of it: messages for a person, */
  readonly text: string;
  /** and the same for a program. */
  readonly json: readonly NamedBuildJson[];
}

interface Wanted {
  /** C files that modules are made of, each one of one. */
  readonly modules: readonly string[];
  /** The C file of the test. */
  readonly test: string | undefined;
}

/**
 * Builds what a run was given as C files.
 * @throws InputError, ToolchainError `bad-request`
 */
export async function buildInputs(
  context: CliContext,
  { modules, test }: Wanted,
  json: boolean,
): Promise<BuiltInputs> {
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
  return { files, text: texts.join(""), json: builds };
}
