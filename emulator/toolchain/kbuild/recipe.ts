import { ToolchainError } from "../errors.js";
import { isRecord, isStringList, parseJson } from "../narrow.js";

/**
 * How the kernel's build makes a module, recorded when the image was built
 * (kernel-src/build/kbuild-recipe.ts). Nothing here knows which options a kernel or a processor wants.
 */
export interface KbuildRecipe {
  /** The folder that all of it runs in: the kernel's tree, by the name that debug information gives it. */
  readonly tree: string;
  /** Options of clang for any source, without those that name the source or its module. */
  readonly compile: readonly string[];
  /** Options of modpost, without those that name files. */
  readonly modpost: readonly string[];
  /** Options of ld.lld that make one object of several. */
  readonly merge: readonly string[];
  /** Options of ld.lld that make the module of its objects. */
  readonly link: readonly string[];
}

/** @throws ToolchainError `bad-recipe` */
export function parseRecipe(text: string): KbuildRecipe {
  const value = parseJson(text);
  if (
    isRecord(value) &&
    typeof value.tree === "string" &&
    isStringList(value.compile) &&
    isStringList(value.modpost) &&
    isStringList(value.merge) &&
    isStringList(value.link)
  ) {
    const { tree, compile, modpost, merge, link } = value;
    return { tree, compile, modpost, merge, link };
  }
  throw new ToolchainError(
    "bad-recipe",
    "kbuild.json is no recipe of this version: images and program do not belong together.",
  );
}

/**
 * The options for one source, with its names.
 * @param source the file's name without its ending
 */
export function compileOptions(recipe: KbuildRecipe, source: string, module: string): string[] {
  // name-fix-token of scripts/Makefile.lib.
  const identifier = module.replace(/[-,]/g, "_");
  return [
    ...recipe.compile,
    `-DKBUILD_BASENAME="${source.replace(/[-,]/g, "_")}"`,
    `-DKBUILD_MODNAME="${identifier}"`,
    `-D__KBUILD_MODNAME=kmod_${identifier}`,
  ];
}
