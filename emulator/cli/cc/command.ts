import { basename } from "node:path";
import type { Command } from "commander";
import { buildText } from "../build/build-text.js";
import { withCompiler } from "../build/compiler.js";
import { timed } from "../build/finished.js";
import { planProgram } from "../build/program-plan.js";
import { buildJson } from "../build/report-json.js";
import { writeBuilt } from "../build/write-built.js";
import type { CliContext } from "../context.js";
import { EXIT_FAILED, EXIT_OK } from "../exit-status.js";
import { printJson } from "../json.js";
import { showsColours, styleFor } from "../terminal-style.js";

interface CcCommandOptions {
  readonly output: string;
  readonly json?: boolean;
}

const HELP = `
Builds a program for the lab's guest with clang in WebAssembly: a static one,
with the C library musl. Files that a source includes are read from its folder
and below it. OPTIONS behind "--" are clang's own; without them it is -g.

Examples:
  kspace cc hello-test.c
  kspace cc main.c part.c -o test -- -O2 -Wall -DDEBUG
  kspace cc hello-test.c && kspace run hello.ko --test ./a.out

Exit status: 0 when it was built; 1 when something is wrong with the sources; 2
when an argument or a file cannot be used.`;

/** Adds `kspace cc`. */
export function addCcCommand(
  program: Command,
  context: CliContext,
  options: readonly string[] | undefined,
  finish: (exitStatus: number) => void,
): void {
  program
    .command("cc")
    .description("build a program for the guest from C")
    .argument("<files...>", "its C files")
    .option("-o, --output <file>", "the program's file", "a.out")
    .option("--json", "print one JSON document instead of messages")
    .usage("[options] <files...> [-- compiler options...]")
    .addHelpText("after", HELP)
    .action(async (files: string[], { output, json = false }: CcCommandOptions) => {
      const colours = !json && showsColours(context.stderr, context.env);
      const sources = await planProgram(files, basename(output), options);
      const finished = await withCompiler(context, async ({ session, show }) => {
        show(output);
        return timed(() => session.buildProgram({ ...sources, colours }, context.signal));
      });
      const { build } = finished;
      if (build.outcome === "built") await writeBuilt(output, build.program, 0o755);
      if (json) {
        printJson(context.stdout, buildJson(finished, output));
      } else {
        context.stderr.write(buildText(build, styleFor(context.stderr, context.env)));
      }
      finish(build.outcome === "built" ? EXIT_OK : EXIT_FAILED);
    });
}
