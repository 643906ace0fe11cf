import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import type { ArchiveEntry } from "../archive/entry.js";
import { compilerFile, writeCompilerPacks } from "../compiler-packs.js";
import { dependencies, divideHeaders, headerPacks } from "../header-packs.js";
import { type KbuildRecipe, recordRecipe } from "../kbuild-recipe.js";
import { filesBelow, type Stage } from "../stage.js";
import { kernelCompilerPackages, kernelFolder, kernelSourceName } from "../toolchain.js";
import type { Workspace } from "../workspace.js";

/** A module that kbuild made, below the work folder. */
const recorded = { folder: "course/2-fops", name: "hello" };
const archive = ({ name }: { name: string }): string => `i686/headers/${name}.tar.gz`;

/** What a module's build reads of the kernel's tree besides headers: with the first of the packs. */
const otherFiles = ["Module.symvers", "scripts/module.lds"];

/**
 * The one option that kbuild does not have on i386, where it takes `-msoft-float` to be enough. To gcc it is;
 * clang computes with the x87 all the same, whose registers the kernel does not save, and says nothing.
 * With this, as on x86-64, it calls functions that no kernel has, which modpost names. It changes no byte
 * of a module that does without.
 */
const noFloatingPoint = "-mno-80387";

/** Records how modules are built for this kernel, and packs the headers that they may include. */
export const kbuild: Stage = {
  name: "kbuild",
  title: "How modules are built",
  needs: ["tree", "kernel", "course", "modules"],
  packages: kernelCompilerPackages,
  inputs: [
    "build/stages/kbuild.ts",
    "build/compiler-packs.ts",
    "build/kbuild-recipe.ts",
    "build/header-packs.ts",
    "build/archive",
    "linux/common-headers.c",
  ],
  outputs: [
    "i686/kbuild.json",
    "i686/headers.json.gz",
    ...headerPacks(new Set()).map((pack) => archive(pack)),
  ],
  async build(workspace) {
    const recipe = await readRecipe(workspace);
    await workspace.writeOutput("i686/kbuild.json", `${JSON.stringify(recipe)}\n`);

    const common = new Set([...(await commonHeaders(workspace, recipe)), ...otherFiles]);
    const paths = [...(await allHeaders(workspace)), ...otherFiles];
    const divided = [...divideHeaders(paths, headerPacks(common))];
    const packs = divided.map(async ([pack, held]) => ({
      name: pack.name,
      archive: archive(pack),
      files: await Promise.all(held.map((path) => treeFile(workspace, path))),
    }));
    await writeCompilerPacks(workspace, "i686/headers.json.gz", await Promise.all(packs));
  },
};

async function readRecipe(workspace: Workspace): Promise<KbuildRecipe> {
  const { folder, name } = recorded;
  const command = (file: string): Promise<string> =>
    readFile(workspace.work(folder, `.${file}.cmd`), "utf8");
  const commands = {
    compile: await command(`${name}.mod.o`),
    modpost: await command("Module.symvers"),
    link: await command(`${name}.ko`),
  };
  const recipe = recordRecipe(commands, name, kernelSourceName);
  return { ...recipe, compile: [...recipe.compile, noFloatingPoint] };
}

/** The headers that the modules at hand include, and those of the list of common ones. */
async function commonHeaders(workspace: Workspace, recipe: KbuildRecipe): Promise<string[]> {
  const folders = ["course", "modules"].map((name) => workspace.work(name));
  const found = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder, { recursive: true })).map((name) => join(folder, name)),
    ),
  );
  // A program for the guest is no module; what is one has an object beside it.
  const objects = new Set(found.flat().filter((path) => path.endsWith(".o")));
  const sources = found.flat().filter((path) => objects.has(path.replace(/\.c$/, ".o")));
  const rules = await workspace.run(
    "clang-16",
    [
      ...recipe.compile,
      ...["-DKBUILD_BASENAME=kbuild_basename", '-DKBUILD_MODNAME="module"', "-M"],
      ...[
        workspace.source("linux/common-headers.c"),
        ...sources.filter((path) => path.endsWith(".c")),
      ],
    ],
    { cwd: kernelFolder(workspace) },
  );
  return dependencies(rules.toString()).map((path) => posix.normalize(path));
}

async function allHeaders(workspace: Workspace): Promise<string[]> {
  const paths: string[] = [];
  for (const folder of ["include", "arch/x86/include"]) {
    for await (const path of filesBelow(kernelFolder(workspace), folder)) {
      if (path.endsWith(".h")) paths.push(path);
    }
  }
  return paths;
}

async function treeFile(workspace: Workspace, path: string): Promise<ArchiveEntry> {
  return compilerFile(path, await readFile(join(kernelFolder(workspace), path)));
}
