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
 * Takes `--test PROG [ARGS…]` out of a command line. It reaches to the end, or to the first
 * `--`, behind which the command's own arguments go on; so ARGS may look like options, and
 * only `--` itself cannot be one of them. A `--` in front of it makes `--test` a file's name,
 * as everywhere.
 * @throws InputError
 */
export function splitTestArgument(argv: readonly string[]): SplitArguments {
  const at = argv.findIndex((argument) => argument === OPTION || argument.startsWith(`${OPTION}=`));
  const operands = argv.indexOf("--");
  if (at < 0 || (operands >= 0 && operands < at)) return { own: argv, test: undefined };

  const end = argv.indexOf("--", at + 1);
  const taken = argv.slice(at + 1, end < 0 ? argv.length : end);
  const joined = argv[at]?.slice(`${OPTION}=`.length);
  const [program, ...args] = joined ? [joined, ...taken] : taken;
  if (program === undefined || program === "") {
    throw new InputError("--test needs a program: --test PROG [ARGS...]");
  }
  const rest = end < 0 ? [] : argv.slice(end + 1);
  if (rest.some((argument) => argument === OPTION || argument.startsWith(`${OPTION}=`))) {
    throw new InputError("There can be only one --test.");
  }
  return { own: [...argv.slice(0, at), ...rest], test: { program, args } };
}
