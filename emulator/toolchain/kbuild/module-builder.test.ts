import { expect, test } from "vitest";
import {
  fetchedPacks,
  hasCompiler,
  kccProgram,
  modpostProgram,
  readPack,
  readPacks,
  readRecipe,
} from "../test-support/images.js";
import { ModuleBuilder } from "./module-builder.js";

test.skipIf(!hasCompiler())(
  "asks for headers until all are there that a source needs",
  async () => {
    const recipe = readRecipe();
    const headers = fetchedPacks(recipe.tree, "headers", ["common"]);
    const parts = { kcc: await kccProgram(), modpost: modpostProgram(), recipe, headers };
    const builder = new ModuleBuilder(parts);
    const source =
      "#include <linux/module.h>\n#include <linux/netdevice.h>\n#include <sound/core.h>\n" +
      'MODULE_LICENSE("GPL");\nstatic int __init f(void) { return 0; }\nmodule_init(f);\n';
    const wanted: string[] = [];
    for (;;) {
      const build = await builder.build({
        name: "hello",
        folder: "/home/student",
        sources: ["hello.c"],
        files: new Map([["hello.c", new TextEncoder().encode(source)]]),
      });
      if (build.outcome !== "files-wanted") {
        expect(build).toMatchObject({ outcome: "built", output: "" });
        break;
      }
      expect(build.packs).not.toEqual([]);
      for (const name of build.packs) {
        expect(wanted).not.toContain(name);
        wanted.push(name);
        const pack = readPacks("headers").find((one) => one.name === name);
        if (pack !== undefined) headers.add(name, readPack(pack));
      }
    }
    // Headers of the network and of sound cards lie in folders of which the first pack has nothing.
    expect(wanted.sort()).toEqual(["others", "subsystems"]);
  },
);
