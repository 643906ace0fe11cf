// This file is for tests alone, which run in Node.
// biome-ignore-start lint/style/noRestrictedImports: see above
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
// biome-ignore-end lint/style/noRestrictedImports: see above
import { compileOptions, type KbuildRecipe } from "../kbuild/recipe.js";
import { readPack, readPacks } from "./images.js";

/** Why there is no Debian clang-16 to compare with; undefined when there is one. */
export function whyNoNativeClang(): string | undefined {
  const { stdout, error } = spawnSync("clang-16", ["--version"], { encoding: "utf8" });
  if (error !== undefined) return "clang-16 is not installed (apt-get install clang-16)";
  // The revision is in every object.
  return stdout.includes("Debian clang version 16.0.6 (15~deb12u1)")
    ? undefined
    : `clang-16 is another version than the images were made with: ${stdout.split("\n")[0]}`;
}

/** The kernel's headers in a folder, for Debian's clang-16. */
export class NativeClang {
  readonly #recipe: KbuildRecipe;
  readonly #folder = mkdtempSync(join(tmpdir(), "kspace-native-"));
  readonly #tree = join(this.#folder, "tree");

  constructor(recipe: KbuildRecipe) {
    this.#recipe = recipe;
    for (const pack of readPacks("headers")) {
      for (const [path, bytes] of readPack(pack)) {
        mkdirSync(dirname(join(this.#tree, path)), { recursive: true });
        writeFileSync(join(this.#tree, path), bytes);
      }
    }
  }

  /**
   * The object that clang-16 makes of a source of a module; undefined when it refuses it.
   * @param source absolute paths of all files of the module in the guest, and their content
   */
  compile(
    module: string,
    path: string,
    files: ReadonlyMap<string, Uint8Array>,
  ): Buffer | undefined {
    const sources = join(this.#folder, "sources");
    for (const [name, bytes] of files) {
      mkdirSync(dirname(join(sources, name)), { recursive: true });
      writeFileSync(join(sources, name), bytes);
    }
    const object = join(this.#folder, "out.o");
    const base = path.slice(path.lastIndexOf("/") + 1, -".c".length);
    try {
      execFileSync(
        "clang-16",
        [
          ...compileOptions(this.#recipe, base, module),
          `-ffile-prefix-map=${this.#tree}=${this.#recipe.tree}`,
          `-ffile-prefix-map=${sources}/=/`,
          ...["-c", "-o", object, join(sources, path)],
        ],
        { cwd: this.#tree, stdio: ["ignore", "ignore", "pipe"] },
      );
    } catch {
      return undefined;
    }
    return readFileSync(object);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
