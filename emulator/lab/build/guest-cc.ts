import type { HostCommand } from "../../console/index.js";
import type { FinishedProgram } from "../../toolchain/index.js";
import { nameOf } from "../../toolchain/wasi/file-layer.js";
import { buildMessages, whyNotBuilt } from "./build-end.js";
import { type CcCall, type CcProduct, parseCcArguments } from "./cc-arguments.js";
import { ccAnswer } from "./guest-cc-help.js";
import { CommandError, GuestFolder } from "./guest-folder.js";
import type { GuestToolsHost } from "./guest-tools.js";

/** As compilers end that found errors. */
const STATUS_FAILED = 1;
/** What the compiler calls what it makes, in a folder of its own. */
const OUTPUT = ".cc-output";
const DISCARDED = "/dev/null";

interface Step {
  readonly inputs: readonly string[];
  /** For clang: which of its steps to do. */
  readonly options: readonly string[];
  /** Where the result goes; undefined for nowhere, "-" for standard output. */
  readonly output: string | undefined;
}

/**
 * The guest's `gcc`, by any of its names.
 * @returns the exit status
 * @throws CommandError, FileError, and what a build throws
 */
export async function guestCc(host: GuestToolsHost, command: HostCommand): Promise<number> {
  const answer = ccAnswer(command);
  if (answer !== undefined) {
    command.stdout(answer);
    return 0;
  }
  const call = parseCcArguments(command.args);
  checkMachine(call, (await host.builds.recipes()).program);
  const folder = new GuestFolder(host.files, command.folder, command.caller);
  for (const step of stepsOf(call)) {
    const build = await buildStep(host, command, folder, call, step);
    command.stderr(buildMessages(build));
    if (build.outcome !== "built") {
      const why = whyNotBuilt(build);
      if (why !== undefined) throw new CommandError(why);
      return STATUS_FAILED;
    }
    if (step.output === "-") command.stdout(build.program);
    else if (step.output !== undefined) {
      folder.write(step.output, build.program, call.product === "program" ? 0o755 : 0o644);
    }
  }
  return 0;
}

async function buildStep(
  host: GuestToolsHost,
  command: HostCommand,
  folder: GuestFolder,
  call: CcCall,
  step: Step,
): Promise<FinishedProgram> {
  const options = [...step.options, ...call.options];
  const build = { sources: step.inputs, options };
  const files = await folder.collect(build, folder.name);
  const session = await host.builds.session();
  return session.buildProgram(
    {
      ...{ ...build, folder: folder.name, files, program: OUTPUT },
      colours: command.stderrIsTerminal && command.colours,
    },
    command.signal,
  );
}

/** What each product is called by default, and how clang is told to make it. */
const ONE_EACH: Readonly<
  Record<
    Exclude<CcProduct, "program">,
    { option: string; output(input: string): string | undefined }
  >
> = {
  object: { option: "-c", output: (input) => `${baseName(input)}.o` },
  assembly: { option: "-S", output: (input) => `${baseName(input)}.s` },
  preprocessed: { option: "-E", output: () => "-" },
  nothing: { option: "-c", output: () => undefined },
};

/** @throws CommandError when several results are to go into one file */
function stepsOf({ product, inputs, output }: CcCall): Step[] {
  const wanted = output === DISCARDED ? undefined : output;
  if (product === "program") {
    return [{ inputs, options: [], output: output === undefined ? "a.out" : wanted }];
  }
  const { option, output: named } = ONE_EACH[product];
  if (inputs.length > 1 && output !== undefined) {
    throw new CommandError(`cannot specify -o with ${option} and more than one file`);
  }
  return inputs.map((input) => ({
    inputs: [input],
    options: [option],
    output: output === undefined ? named(input) : wanted,
  }));
}

/** @throws CommandError for another processor than the guest's */
function checkMachine({ options }: CcCall, recipe: readonly string[]): void {
  const target = recipe.find((option) => option.startsWith("--target=")) ?? "";
  const other = target.includes("x86_64") ? "-m32" : "-m64";
  if (options.includes(other)) {
    throw new CommandError(`${other}: it builds for the guest's processor alone`);
  }
}

function baseName(path: string): string {
  return nameOf(path).replace(/\.[^.]*$/, "");
}
