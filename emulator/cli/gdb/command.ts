import { once } from "node:events";
import type { Command } from "commander";
import type { CliContext } from "../context.js";
import { InputError } from "../errors.js";
import { EXIT_FAILED, EXIT_OK } from "../exit-status.js";
import { portOption } from "../free-port.js";
import { collect } from "../repeatable.js";
import type { RunInputs } from "../run/inputs.js";
import { takeInputs } from "../run/take-inputs.js";
import type { TestArgument } from "../run/test-argument.js";
import { startLab } from "../start-lab.js";
import { DebugSession, LoadFailure } from "./debug-session.js";
import { BUILT_VMLINUX } from "./kernel-files.js";
import { findGdb, runGdb } from "./launch.js";
import { DEFAULT_GDB_PORT } from "./listen.js";

interface GdbCommandOptions {
  readonly section?: number;
  readonly file?: readonly string[];
  readonly port?: number;
  readonly launch: boolean;
  readonly freeze?: true;
  readonly coldBoot?: true;
}

/** The options below by name, and what commander adds: where the arguments of --test end. */
export const GDB_OPTIONS = [
  "--section",
  "--file",
  "--port",
  "--no-launch",
  "--freeze",
  "--cold-boot",
  "--help",
];

const HELP = `
Loads the modules into a fresh guest and hands it to gdb, with the symbols of
the kernel and of the modules where they were loaded, and with their sources.
The test begins when gdb first lets the guest run:

  (gdb) break hello_write
  (gdb) continue
  (gdb) bt
  (gdb) p *hello_mem@6
  (gdb) finish

Ctrl-C stops the guest, whatever it does, and its clock stands still while it
is stopped. "monitor help" shows what else the lab can do for gdb: run a
command in the guest, show the kernel's log, put the guest back.

gdb is started in this terminal if there is one; otherwise, and with
--no-launch, the commands to start it are printed and the lab waits for it.

Modules, --test and --file are as in "kspace run", which builds what is a C
file; --section takes the module and the test of one of the course's sections
instead.

Examples:
  kspace gdb hello.ko --test ./a.out
  kspace gdb hello.c --test hello-test.c
  kspace gdb --section 2
  kspace gdb --section 3 --freeze
  kspace gdb --no-launch --port 1234

Exit status: 0 when the session is over; 1 when a module does not load or a C
file is not built; 2 when an argument, a file or the port cannot be used.`;

/** Adds `kspace gdb`. `test` is what {@link splitTestArgument} took from behind `--test`. */
export function addGdbCommand(
  program: Command,
  context: CliContext,
  test: TestArgument | undefined,
  finish: (exitStatus: number) => void,
): void {
  program
    .command("gdb")
    .description("debug the kernel and its modules with gdb")
    .argument("[modules...]", "module files, each as MODULE.ko[,param=value...] or MODULE.c[,...]")
    .option("--section <number>", "the module and the test of a section of the course", Number)
    .option("--test <prog [args...]>", "a program to run in the guest")
    .option("--file <host[:guest]>", "copy a file into the guest; may be repeated", collect)
    .option("--freeze", "run the test first, and debug the guest that it has frozen")
    .option(
      "--port <number>",
      `the port for gdb (default: ${DEFAULT_GDB_PORT}, or the next that is free)`,
      portOption("--port"),
    )
    .option("--no-launch", "do not start gdb, but wait for one")
    .option("--cold-boot", "boot the kernel instead of starting from the snapshot")
    .addHelpText("after", HELP)
    .action(async (modules: string[], options: GdbCommandOptions) => {
      if (options.section !== undefined && (modules.length > 0 || test !== undefined)) {
        throw new InputError("--section has a module and a test of its own: give no other.");
      }
      if (options.freeze && test === undefined && options.section === undefined) {
        throw new InputError("--freeze needs a test to run: --test PROG, or --section.");
      }
      const { inputs } = await takeInputs(context, { modules, test, files: options.file });
      finish(inputs === undefined ? EXIT_FAILED : await debug(context, { ...options, inputs }));
    });
}

async function debug(
  context: CliContext,
  options: GdbCommandOptions & { readonly inputs: RunInputs },
): Promise<number> {
  const { stdout, stderr, signal, env } = context;
  const { lab } = await startLab(context, options.coldBoot === true);
  try {
    await using session = await DebugSession.open(lab, {
      inputs: options.inputs,
      section: options.section,
      port: options.port,
      env,
      signal,
      runsTestFirst: options.freeze === true,
      vmlinux: [BUILT_VMLINUX],
      show: (text) => stdout.write(text),
    });
    const gdb =
      options.launch && process.stdin.isTTY && stdout.isTTY ? await findGdb(env.PATH) : undefined;
    if (gdb !== undefined) {
      await runGdb(gdb, ["-q", "-x", session.script], signal);
      return EXIT_OK;
    }
    stdout.write(session.instructions());
    if (stdout.isTTY) stderr.write("Ctrl-C ends it.\n");
    const ended = AbortSignal.any([signal, session.killed]);
    if (!ended.aborted) await once(ended, "abort");
    return EXIT_OK;
  } catch (error) {
    if (!(error instanceof LoadFailure)) throw error;
    stderr.write(`kspace: ${error.message}\n`);
    return EXIT_FAILED;
  } finally {
    await lab.close();
  }
}
