/**
 * What kbuild's fixdep leaves of the rules that a compiler writes, in so far as modpost reads it to find the
 * files that the version of a module is made of (scripts/mod/sumversion.c, parse_source_files).
 * @param rules as `clang -MMD` writes them
 */
export function fixedDependencies(rules: string, object: string, source: string): string {
  const files = rules
    .replaceAll("\\\n", " ")
    .split(/\s+/)
    .filter((word) => word !== "" && !word.endsWith(":") && word !== source);
  return [
    `source_${object} := ${source}`,
    "",
    `deps_${object} := \\`,
    ...files.map((file) => `  ${file} \\`),
    "",
    `${object}: $(deps_${object})`,
    "",
    `$(deps_${object}):`,
    "",
  ].join("\n");
}
