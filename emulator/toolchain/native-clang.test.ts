import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ModuleSources } from "./kbuild/module-builder.js";
import { compileOptions } from "./kbuild/recipe.js";
import { Kcc } from "./kcc.js";
import { fetchedPacks, hasCompiler, kccProgram, readRecipe } from "./test-support/images.js";
import { courseModules, sampleModules, testModules } from "./test-support/module-sources.js";
import { NativeClang, whyNoNativeClang } from "./test-support/native-clang.js";
import { FileLayer } from "./wasi/file-layer.js";
import { ProgramFiles } from "./wasi/program-files.js";

/** Object files, byte for byte, against those that Debian's clang-16 makes here and now. */

const why = hasCompiler() ? whyNoNativeClang() : "the compiler was not built: npm run toolchain";
const recipe = readRecipe();

let kcc: Kcc;
let headers: readonly FileLayer[];
let native: NativeClang;

beforeAll(async () => {
  if (why) return;
  kcc = new Kcc(await kccProgram());
  headers = fetchedPacks(recipe.tree, "headers").layers;
  native = new NativeClang(recipe);
});

afterAll(() => native?.[Symbol.dispose]());

/** What our clang makes of the same, with the same options. */
async function compile(module: ModuleSources): Promise<Buffer> {
  const { name, folder, sources, options = [] } = module;
  const [source = ""] = sources;
  const own = [...module.files].map(([path, bytes]) => [`${folder}/${path}`, bytes] as const);
  const files = new ProgramFiles({ layers: [new FileLayer(own), ...headers], folders: ["/tmp"] });
  const object = "/tmp/out.o";
  const base = source.slice(0, -".c".length);
  const end = await kcc.clang(
    [
      ...[...compileOptions(recipe, base, name), ...options],
      ...["-c", "-o", object, `${folder}/${source}`],
    ],
    files,
    recipe.tree,
  );
  const bytes = files.read(object);
  if (bytes === undefined) throw new Error(`${end.outcome}: ${end.stderr}`);
  return Buffer.from(bytes);
}

describe.skipIf(why)(`As Debian's clang-16${why ? ` (skipped: ${why})` : ""}`, () => {
  test.each([...courseModules(), ...testModules(), ...sampleModules()])(
    "%s has the same object",
    async (_name, { sources }) => {
      expect((await compile(sources)).equals(native.compile(sources))).toBe(true);
    },
  );
});
