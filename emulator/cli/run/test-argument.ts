import { InputError } from "../errors.js";

/** A program of the host to run in the guest, with its arguments. */
export interface TestArgument {
  readonly program: string;
  readonly args: readonly string[];
}

export interface SplitArguments {
  /** What is left for the command's own parser. */
  readonly own: readonly string[];
  readonly test: TestArgument | undefined;
}

const OPTION = "--test";

/**
 * Takes `--test PROG [ARGS…]` out of a command line. ARGS reach to the next of the command's own
 * options, or to the end; behind a `--` everything is the program's, whatever it looks like. A
 * `--` in front of `--test` makes that a file's name, as everywhere.
 * @param ownOptions the long options of the command, `--json` and so on.
 * @throws InputError
 */
export function splitTestArgument(
  argv: readonly string[],
  ownOptions: readonly string[],
): SplitArguments {
  const at = argv.findIndex((argument) => isOption(argument, OPTION));
  const operands = argv.indexOf("--");
  if (at < 0 || (operands >= 0 && operands < at)) return { own: argv, test: undefined };

  const joined = argv[at]?.slice(`${OPTION}=`.length);
  const behind = joined ? [joined, ...argv.slice(at + 1)] : argv.slice(at + 1);
  const isOwn = (argument: string): boolean =>
    [OPTION, ...ownOptions].some((option) => isOption(argument, option));
  const end = behind.findIndex((argument) => argument === "--" || isOwn(argument));
  const [program, ...args] = end < 0 ? behind : behind.slice(0, end);
  if (program === undefined || program === "") {
    throw new InputError("--test needs a program: --test PROG [ARGS...]");
  }
  const rest = end < 0 ? [] : behind.slice(end);
  const dashes = rest.indexOf("--");
  const own = dashes < 0 ? rest : rest.slice(0, dashes);
  if (own.some((argument) => isOption(argument, OPTION))) {
    throw new InputError("There can be only one --test.");
  }
  const verbatim = dashes < 0 ? [] : rest.slice(dashes + 1);
  return {
    own: [...argv.slice(0, at), ...own],
    test: { program, args: [...args, ...verbatim] },
  };
}

function isOption(argument: string, option: string): boolean {
  return argument === option || argument.startsWith(`${option}=`);
}
