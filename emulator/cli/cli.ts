import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addBuildCommand } from "./build/command.js";
import { splitCompilerOptions } from "./build/compiler-options.js";
import { addCcCommand } from "./cc/command.js";
import type { CliContext } from "./context.js";
import { addCourseCommand } from "./course/command.js";
import { addDecodeCommand } from "./decode/command.js";
import { describeError, exitStatusOf } from "./errors.js";
import { EXIT_OK, EXIT_USAGE } from "./exit-status.js";
import { addGdbCommand, GDB_OPTIONS } from "./gdb/command.js";
import { Interrupted } from "./interrupt.js";
import { addListCommand } from "./list/command.js";
import { addRunCommand, RUN_OPTIONS } from "./run/command.js";
import { splitTestArgument } from "./run/test-argument.js";
import { addServeCommand } from "./serve/command.js";
import { addShellCommand } from "./shell/command.js";

const HELP = `
Exit status: 0 when all went well, 1 when something in the guest did not, 2 when
an argument or a file cannot be used, 128 and the signal's number when
interrupted.

Environment: NO_COLOR=1 prints no colours, FORCE_COLOR=1 prints them into a
pipe, KSPACE_DEBUG=1 shows where an unexpected error comes from.`;

/** Commands whose arguments behind a `--` are the compiler's. */
const COMPILING = ["build", "cc"];

/** Of the commands with a `--test`, at which the arguments of the test end. */
const OPTIONS_BESIDE_TEST: Readonly<Partial<Record<string, readonly string[]>>> = {
  run: RUN_OPTIONS,
  gdb: GDB_OPTIONS,
};

/**
 * Runs the command and says how it ended: never throws.
 * @param argv the arguments, without Node and the script.
 * @returns the exit status.
 */
export async function runCli(argv: readonly string[], context: CliContext): Promise<number> {
  let exitStatus = EXIT_OK;
  try {
    const [command = ""] = argv;
    const options = OPTIONS_BESIDE_TEST[command];
    const { own: words, test } = options
      ? splitTestArgument(argv, options)
      : { own: argv, test: undefined };
    const { own, compiler } = COMPILING.includes(command)
      ? splitCompilerOptions(words)
      : { own: words, compiler: undefined };
    const program = createProgram(context);
    const finish = (status: number): void => {
      exitStatus = status;
    };
    addServeCommand(program, context, finish);
    addCourseCommand(program, context, finish);
    addRunCommand(program, context, test, finish);
    addBuildCommand(program, context, compiler, finish);
    addCcCommand(program, context, compiler, finish);
    addShellCommand(program, context, finish);
    addGdbCommand(program, context, test, finish);
    addDecodeCommand(program, context, finish);
    addListCommand(program, context, finish);
    await program.parseAsync([...own], { from: "user" });
    return exitStatus;
  } catch (thrown) {
    // An interrupted operation may fail in a way of its own.
    const error: unknown = context.signal.aborted ? context.signal.reason : thrown;
    if (error instanceof Interrupted) return error.exitStatus;
    // Commander has printed its message already; only help and --version are no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
    const debug = Boolean(context.env.KSPACE_DEBUG);
    context.stderr.write(`kspace: ${describeError(error, debug)}\n`);
    return exitStatusOf(error);
  }
}

function createProgram(context: CliContext): Command {
  return new Command("kspace")
    .description("A kernel-space programming lab: a real Linux kernel, in an emulator.")
    .version(packageVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, "kspace: ")),
    })
    .showHelpAfterError("Try --help.")
    .addHelpText("after", HELP);
}

/** The version in package.json, which lies two folders up from `dist/cli` as from the source. */
function packageVersion(): string {
  const file = new URL("../../package.json", import.meta.url);
  const manifest: { readonly version?: unknown } = JSON.parse(readFileSync(file, "utf8"));
  return String(manifest.version);
}
