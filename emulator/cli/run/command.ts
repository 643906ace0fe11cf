import { type Command, InvalidArgumentError } from "commander";
import type { NamedBuildJson } from "../build/report-json.js";
import type { CliContext } from "../context.js";
import { EXIT_FAILED, EXIT_OK } from "../exit-status.js";
import { HostSources } from "../host-sources.js";
import { printJson } from "../json.js";
import { collect } from "../repeatable.js";
import { startLab } from "../start-lab.js";
import { Printer } from "../streams.js";
import { symbolizeFreeze } from "../symbolize.js";
import { styleFor } from "../terminal-style.js";
import type { RunInputs } from "./inputs.js";
import { runModules } from "./module-run.js";
import { outcomeOf } from "./outcome.js";
import { notBuiltJson, runJson } from "./report-json.js";
import { takeInputs } from "./take-inputs.js";
import type { TestArgument } from "./test-argument.js";
import { RunTranscript } from "./transcript.js";

interface RunCommandOptions {
  readonly file?: readonly string[];
  readonly timeout: number;
  readonly json?: boolean;
  readonly coldBoot?: true;
}

/** The options below by name, and what commander adds: where the arguments of --test end. */
export const RUN_OPTIONS = ["--file", "--timeout", "--json", "--cold-boot", "--help"];

const DEFAULT_TIMEOUT_S = 30;

const HELP = `
Each module is copied to /home/student in the guest and loaded in the order
given, then the test runs there as root, then the modules are unloaded in
reverse order. After an oops nothing is unloaded.

A C file in the place of a module or of the test is built first, as by
"kspace build" and "kspace cc". When that fails, nothing is run.

Module parameters follow the file, separated by commas. A part without "="
goes on with the value before it, and double quotes keep anything in a value:
  with_params.ko,number=3,list=1,2,3,'text="a, b = c"'

ARGS of --test go up to the next of the options below or the end of the line;
behind a "--" everything is the test's. The test is a static i386 program or a
script with #!, and is copied, too. --file copies what else it needs, to
/home/student or to the place named.

Examples:
  kspace run hello.ko
  kspace run hello.ko --test ./a.out
  kspace run hello.c,debug=1 --test hello-test.c
  kspace run provider.ko consumer.ko,debug=1 --timeout 5
  kspace run hello.ko --file in.txt:data/ --test ./a.out -v data/in.txt --json
  kspace run hello.ko --test ./a.out -- --json

Exit status: 0 when all went well; 1 when a module or the test did something
wrong (it failed, timed out, oopsed, panicked, froze or killed the machine); 2
when an argument or a file cannot be used.`;

/** Adds `kspace run`. `test` is what {@link splitTestArgument} took from behind `--test`. */
export function addRunCommand(
  program: Command,
  context: CliContext,
  test: TestArgument | undefined,
  finish: (exitStatus: number) => void,
): void {
  program
    .command("run")
    .description("load modules into a fresh guest, run a test, unload them")
    .argument("<modules...>", "module files, each as MODULE.ko[,param=value...] or MODULE.c[,...]")
    .option("--test <prog [args...]>", "a program to run while the modules are loaded")
    .option("--file <host[:guest]>", "copy a file into the guest; may be repeated", collect)
    .option(
      "--timeout <seconds>",
      "what each command may take, in the guest's time",
      parseSeconds,
      DEFAULT_TIMEOUT_S,
    )
    .option("--json", "print one JSON document instead of a transcript")
    .option("--cold-boot", "boot the kernel instead of starting from the snapshot")
    .addHelpText("after", HELP)
    .action(async (modules: string[], options: RunCommandOptions) => {
      const named = { modules, test, files: options.file };
      const { inputs, builds } = await takeInputs(context, named, options.json);
      if (inputs === undefined) {
        if (options.json) printJson(context.stdout, notBuiltJson(builds));
        return finish(EXIT_FAILED);
      }
      finish(await run(context, inputs, builds, options));
    });
}

async function run(
  context: CliContext,
  inputs: RunInputs,
  builds: readonly NamedBuildJson[],
  options: RunCommandOptions,
): Promise<number> {
  const start = performance.now();
  const sources = new HostSources(inputs.modules.map(({ host }) => host));
  const { lab, startMs } = await startLab(context, options.coldBoot === true, {
    readSource: (path) => sources.read(path),
  });
  try {
    const style = styleFor(context.stdout, context.env);
    const transcript = new RunTranscript(new Printer(context.stdout), context.stderr, style);
    const report = await runModules(lab, inputs, {
      timeoutMs: options.timeout * 1000,
      signal: context.signal,
      ...(options.json ? {} : { observer: transcript }),
    });
    const totalMs = performance.now() - start;
    const symbol =
      report.doom?.outcome === "frozen"
        ? await symbolizeFreeze(lab, report.doom.freeze)
        : undefined;
    if (options.json) {
      const timings = { startMs, totalMs };
      printJson(context.stdout, runJson(lab, { report, builds }, symbol, timings));
    } else {
      transcript.verdict(report, symbol, totalMs);
    }
    return outcomeOf(report) === "ok" ? EXIT_OK : EXIT_FAILED;
  } finally {
    await lab.close();
  }
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new InvalidArgumentError("It must be a number of seconds above 0.");
}
