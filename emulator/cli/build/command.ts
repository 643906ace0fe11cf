import type { Command } from "commander";
import type { CliContext } from "../context.js";
import { EXIT_FAILED, EXIT_OK } from "../exit-status.js";
import { printJson } from "../json.js";
import { showsColours, styleFor } from "../terminal-style.js";
import { formatDuration } from "../text-layout.js";
import { type BuiltModule, buildModules } from "./build-modules.js";
import { buildText } from "./build-text.js";
import { withCompiler } from "./compiler.js";
import { planModules } from "./module-plan.js";
import { buildJson, type NamedBuildJson } from "./report-json.js";
import { writeBuilt } from "./write-built.js";

interface BuildCommandOptions {
  readonly output?: string;
  readonly json?: boolean;
}

/** What `kspace build --json` prints. */
export interface ModulesJson {
  /** `built` when all modules were. */
  readonly outcome: "built" | "failed";
  readonly modules: readonly NamedBuildJson[];
}

const HELP = `
Builds a kernel module for the lab's kernel as the kernel's own build does, with
clang in WebAssembly: no compiler, no headers and no make are needed. The module
is called as the file that -o names, or as its one source. Of a folder, what its
Makefile says is built (obj-m, NAME-objs, ccflags-y, CFLAGS_NAME.o).

Files that a source includes are read from the source's folder and below it. The
options are those of the Makefile beside the source, or -g; OPTIONS behind "--"
take their place.

Examples:
  kspace build hello.c
  kspace build main.c device.c -o hello.ko
  kspace build ./my-module
  kspace build hello.c -- -g -DDEBUG -Werror
  kspace build hello.c --json | jq '.modules[].diagnostics[] | {line, message}'

Exit status: 0 when all was built; 1 when something is wrong with the sources;
2 when an argument or a file cannot be used.`;

/** Adds `kspace build`. */
export function addBuildCommand(
  program: Command,
  context: CliContext,
  options: readonly string[] | undefined,
  finish: (exitStatus: number) => void,
): void {
  program
    .command("build")
    .description("build a kernel module from C")
    .argument("<files...>", "its C files, or a folder with a kbuild Makefile")
    .option("-o, --output <file.ko>", "the module's file (default: in this folder)")
    .option("--json", "print one JSON document instead of messages")
    .usage("[options] <files...> [-- compiler options...]")
    .addHelpText("after", HELP)
    .action(async (files: string[], { output, json = false }: BuildCommandOptions) => {
      const colours = !json && showsColours(context.stderr, context.env);
      const built = await withCompiler(context, async ({ session, tree, show }) => {
        const planned = await planModules(files, { output, options, tree });
        return buildModules(session, planned, { signal: context.signal, colours, show });
      });
      for (const { build, planned } of built) {
        if (build.outcome === "built") await writeBuilt(planned.output, build.module);
      }
      if (json) printJson(context.stdout, modulesJson(built));
      else printText(context, built);
      finish(built.every(({ build }) => build.outcome === "built") ? EXIT_OK : EXIT_FAILED);
    });
}

function printText(context: CliContext, built: readonly BuiltModule[]): void {
  const style = styleFor(context.stderr, context.env);
  for (const { build, planned, ms } of built) {
    context.stderr.write(buildText(build, style));
    if (build.outcome === "built") {
      context.stdout.write(`${planned.output}: built in ${formatDuration(ms)}\n`);
    } else {
      context.stderr.write(`kspace: ${planned.module.name}.ko was not built.\n`);
    }
  }
}

function modulesJson(built: readonly BuiltModule[]): ModulesJson {
  return {
    outcome: built.every(({ build }) => build.outcome === "built") ? "built" : "failed",
    modules: built.map((one) => ({
      name: one.planned.module.name,
      ...buildJson(one, one.planned.output),
    })),
  };
}
