import { test as anyTest, beforeAll, expect } from "vitest";
import type { ModuleBuilder, ModuleSources } from "./kbuild/module-builder.js";
import type { ProgramBuilder } from "./program-builder.js";
import { built, moduleBuilder, programBuilder } from "./test-support/builders.js";
import { hasCompiler, readArchive } from "./test-support/images.js";
import { differingSections } from "./test-support/module-sections.js";
import { courseModules, sampleModules, testModules } from "./test-support/module-sources.js";

/**
 * The bytes that come out, against those that the kernel's own build made with Debian's clang-16 when
 * the images were built: code, data, relocations and debug information.
 */

/** Without the compiler, which `npm run toolchain` makes, there is nothing to compare. */
const test = anyTest.skipIf(!hasCompiler());

let modules: ModuleBuilder;
let programs: ProgramBuilder;

beforeAll(async () => {
  if (!hasCompiler()) return;
  modules = await moduleBuilder();
  programs = await programBuilder();
});

test.each([...courseModules()])(
  "the course's module of %s is the one of a native build",
  async (_section, { sources, module }) => {
    expect(differingSections(await built(modules, sources), module)).toEqual([]);
  },
);

test.each([...sampleModules()])(
  "the kernel's sample %s is the one of a native build",
  async (_name, { sources, module }) => {
    expect(differingSections(await built(modules, sources), module)).toEqual([]);
  },
);

const others = testModules();
/** One needs another's symbols, and one those of nobody. */
const alone = [...others].filter(([name]) => !["consumer", "unknown_symbol"].includes(name));

test.each(alone)("the module %s is the one of a native build", async (_name, other) => {
  expect(differingSections(await built(modules, other.sources), other.module)).toEqual([]);
});

function sourcesOf(name: string): ModuleSources {
  const sources = others.get(name)?.sources;
  if (sources === undefined) throw new Error(`The images have no ${name}.ko.`);
  return sources;
}

test("a module that uses another's symbols is the one of a native build", async () => {
  const provider = await modules.build(sourcesOf("provider"));
  if (provider.outcome !== "built") throw new Error("provider was not built");
  const consumer = await built(modules, {
    ...sourcesOf("consumer"),
    exports: [provider.exports],
  });
  expect(differingSections(consumer, others.get("consumer")?.module ?? new Uint8Array())).toEqual(
    [],
  );
});

test("a symbol that nobody exports is an error", async () => {
  const build = await modules.build(sourcesOf("unknown_symbol"));
  expect(build).toMatchObject({
    outcome: "failed",
    step: "modpost",
    diagnostics: [{ severity: "error", message: expect.stringContaining("undefined!") }],
  });
});

test("the course's test program is the one of a native build", async () => {
  const course = readArchive("i686/course.tar.gz");
  const folder = "home/student/2-fops";
  const source = course.get(`${folder}/hello-test.c`) ?? new Uint8Array();
  const build = await programs.build({
    folder: `/${folder}`,
    sources: ["hello-test.c"],
    files: new Map([["hello-test.c", source]]),
    options: ["-O2", "-g"],
  });
  if (build.outcome !== "built") throw new Error(JSON.stringify(build));
  expect(Buffer.from(build.program).equals(course.get(`${folder}/a.out`) ?? new Uint8Array())).toBe(
    true,
  );
});
