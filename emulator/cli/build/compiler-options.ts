/**
 * Takes what stands behind a `--` out of a command line: options for the compiler.
 * @returns `compiler` is undefined where there is no `--`
 */
export function splitCompilerOptions(argv: readonly string[]): {
  readonly own: readonly string[];
  readonly compiler: readonly string[] | undefined;
} {
  const dashes = argv.indexOf("--");
  if (dashes < 0) return { own: argv, compiler: undefined };
  return { own: argv.slice(0, dashes), compiler: argv.slice(dashes + 1) };
}
