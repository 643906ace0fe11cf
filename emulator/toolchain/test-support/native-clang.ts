// This file is for tests alone, which run in Node.
// biome-ignore-start lint/style/noRestrictedImports: see above
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { missingTool, runTool } from "../../debuginfo/test-support/tools.js";
// biome-ignore-end lint/style/noRestrictedImports: see above
import type { ModuleSources } from "../kbuild/module-builder.js";
import { compileOptions, type KbuildRecipe } from "../kbuild/recipe.js";
import { readPack, readPacks } from "./images.js";

const CLANG = "clang-16";

/** Why there is no Debian clang-16 to compare with; undefined when there is one. */
export function whyNoNativeClang(): string | undefined {
  const missing = missingTool(CLANG, "clang-16");
  if (missing !== undefined) return missing;
  // The revision is in every object.
  const [version = ""] = runTool(CLANG, ["--version"]).split("\n");
  return version === "Debian clang version 16.0.6 (15~deb12u1)"
    ? undefined
    : `clang-16 is another version than the images were made with: ${version}`;
}

/** The kernel's headers in a folder of this machine, for Debian's clang-16. */
export class NativeClang {
  readonly #recipe: KbuildRecipe;
  readonly #folder = mkdtempSync(join(tmpdir(), "kspace-native-"));
  readonly #tree = join(this.#folder, "tree");
  readonly #sources = join(this.#folder, "sources");

  constructor(recipe: KbuildRecipe) {
    this.#recipe = recipe;
    for (const pack of readPacks("headers")) {
      for (const [path, bytes] of readPack(pack)) writeInto(this.#tree, path, bytes);
    }
  }

  /**
   * The object that clang-16 makes of a module's first source.
   * @throws with its messages when it refuses it
   */
  compile({ name, folder, sources, files, options = [] }: ModuleSources): Buffer {
    for (const [path, bytes] of files) writeInto(this.#sources, `${folder}/${path}`, bytes);
    const [source = ""] = sources;
    const object = join(this.#folder, "out.o");
    const { status, stderr } = spawnSync(
      CLANG,
      [
        ...compileOptions(this.#recipe, source.slice(0, -".c".length), name),
        ...options,
        `-ffile-prefix-map=${this.#tree}=${this.#recipe.tree}`,
        `-ffile-prefix-map=${this.#sources}/=/`,
        ...["-c", "-o", object, join(this.#sources, folder, source)],
      ],
      { cwd: this.#tree, encoding: "utf8" },
    );
    if (status !== 0) throw new Error(`${CLANG}: ${stderr}`);
    return readFileSync(object);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function writeInto(folder: string, path: string, bytes: Uint8Array): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}
