// This file is for tests alone.
import { ModuleBuilder, type ModuleSources } from "../kbuild/module-builder.js";
import { ProgramBuilder } from "../program-builder.js";
import {
  fetchedPacks,
  kccProgram,
  modpostProgram,
  readProgramOptions,
  readRecipe,
} from "./images.js";

/** A builder of modules with all of the committed images. */
export async function moduleBuilder(): Promise<ModuleBuilder> {
  const recipe = readRecipe();
  const headers = fetchedPacks(recipe.tree, "headers");
  return new ModuleBuilder({
    kcc: await kccProgram(),
    modpost: modpostProgram(),
    recipe,
    headers,
  });
}

/** The same of programs. */
export async function programBuilder(): Promise<ProgramBuilder> {
  const library = fetchedPacks("", "library");
  return new ProgramBuilder({ kcc: await kccProgram(), options: readProgramOptions(), library });
}

/** @throws with what was written when it cannot be built */
export async function built(builder: ModuleBuilder, sources: ModuleSources): Promise<Uint8Array> {
  const build = await builder.build(sources);
  if (build.outcome === "built") return build.module;
  throw new Error(`${sources.name}: ${"output" in build ? build.output : build.packs.join()}`);
}
