import type { FilePack } from "../file-packs.js";
import type { KbuildRecipe } from "./recipe.js";

/** A kernel's headers as they stand between the brackets of an `#include`, for a suggestion. */
export function includeNames(recipe: KbuildRecipe, packs: readonly FilePack[]): string[] {
  const folders = recipe.compile
    .filter((option) => option.startsWith("-I./"))
    .map((option) => `${option.slice("-I./".length)}/`)
    .sort((a, b) => b.length - a.length);
  const names = packs.flatMap(({ files }) =>
    files.flatMap((path) => {
      const folder = folders.find((one) => path.startsWith(one));
      return folder === undefined ? [] : [path.slice(folder.length)];
    }),
  );
  return [...new Set(names)];
}
