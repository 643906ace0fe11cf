/**
 * What a module exports, as modpost writes it (scripts/mod/modpost.c, write_dump): a line for each
 * symbol, with its checksum, its name, the module, the kind of export and the namespace between tabs.
 */

/** What the modules of a folder export, for each other; kbuild's name for it. */
export const EXPORTS_FILE = "Module.symvers";

/** The lines that are not of one module. */
export function withoutModule(symvers: string, module: string): string {
  const lines = symvers.split("\n").filter((line) => line !== "" && line.split("\t")[2] !== module);
  return lines.map((line) => `${line}\n`).join("");
}

/** The lines that are of some modules. */
export function ofModules(symvers: string, modules: readonly string[]): string {
  const lines = symvers.split("\n").filter((line) => modules.includes(line.split("\t")[2] ?? ""));
  return lines.map((line) => `${line}\n`).join("");
}
