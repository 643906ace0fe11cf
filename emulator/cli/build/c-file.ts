import { InputError } from "../errors.js";

/** Whether it is C to be built, by its name. */
export function isCFile(path: string): boolean {
  return path.endsWith(".c");
}

/** @throws InputError for what is no C file, by its name */
export function refuseOtherLanguages(path: string): void {
  if (isCFile(path)) return;
  const language = /\.(cc|cpp|cxx|C|hpp|rs|S|s)$/.test(path) ? " but of another language" : "";
  throw new InputError(
    `${path} is no C file${language}: the compiler here takes C alone, in files called NAME.c.`,
  );
}
