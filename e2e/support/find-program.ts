import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * The path of the first of these programs that there is.
 * @param names what to look for in the folders of PATH
 * @param elsewhere paths where it may lie beside them
 */
export function findProgram(
  names: readonly string[],
  elsewhere: readonly string[] = [],
): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const inPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...inPath, ...elsewhere].find(isProgram);
}

/**
 * The program that an environment variable names; undefined when it is not set.
 * @throws Error when there is none at that path
 */
export function programNamedBy(variable: string): string | undefined {
  const wanted = process.env[variable];
  if (!wanted) return undefined;
  if (isProgram(wanted)) return wanted;
  throw new Error(`${variable} is ${wanted}, and there is no program at that path.`);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
