import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { parseTar } from "nanotar";
import { test as anyTest, beforeAll, expect } from "vitest";
import { parseElf } from "../debuginfo/elf.js";
import { ModuleBuilder, type ModuleSources } from "./kbuild/module-builder.js";
import { ProgramBuilder } from "./program-builder.js";
import {
  fetchedPacks,
  hasCompiler,
  kccProgram,
  modpostProgram,
  readImage,
  readProgramOptions,
  readRecipe,
} from "./test-support/images.js";

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
  const recipe = readRecipe();
  const kcc = await kccProgram();
  const headers = fetchedPacks(recipe.tree, "headers");
  modules = new ModuleBuilder({ kcc, modpost: modpostProgram(), recipe, headers });
  const library = fetchedPacks("", "library");
  programs = new ProgramBuilder({ kcc, options: readProgramOptions(), library });
});

function archive(path: string): Map<string, Uint8Array> {
  const entries = parseTar(new Uint8Array(gunzipSync(readImage(path))));
  return new Map(entries.flatMap(({ name, data }) => (data === undefined ? [] : [[name, data]])));
}

async function build(sources: ModuleSources): Promise<Uint8Array> {
  const build = await modules.build(sources);
  if (build.outcome === "built") return build.module;
  throw new Error(`${sources.name}: ${"output" in build ? build.output : build.packs.join()}`);
}

/**
 * kbuild ends with pahole, which adds the types in BTF and has the file written anew: with the section's name,
 * its symbol, and all sections at other offsets.
 */
const REWRITTEN = ["", ".BTF", ".shstrtab", ".strtab", ".symtab"];

function sections(module: Uint8Array): Map<string, string> {
  const elf = parseElf(module);
  const kept = elf.sections.filter(({ name }) => !REWRITTEN.includes(name));
  return new Map(
    kept.map((section) => [section.name, Buffer.from(elf.read(section)).toString("base64")]),
  );
}

function expectSameSections(found: Uint8Array, expected: Uint8Array | undefined): void {
  const wanted = sections(expected ?? new Uint8Array());
  const got = sections(found);
  expect([...got.keys()].sort()).toEqual([...wanted.keys()].sort());
  // One by one: a difference names its section.
  for (const [name, bytes] of wanted) expect(`${name} ${got.get(name)}`).toBe(`${name} ${bytes}`);
}

const course = archive("i686/course.tar.gz");
const courseSections = ["1-load", "2-fops", "3-locking", "4-debugging"];

test.each(courseSections)(
  "the course's module %s is the one of a native build",
  async (section) => {
    const folder = `home/student/${section}`;
    const source = course.get(`${folder}/hello.c`) ?? new Uint8Array();
    const module = await build({
      name: "hello",
      folder: `/${folder}`,
      sources: ["hello.c"],
      files: new Map([["hello.c", source]]),
      options: ["-g"], // ccflags-y of the course's Makefile
    });
    expectSameSections(module, course.get(`${folder}/hello.ko`));
  },
);

test("the course's test program is the one of a native build", async () => {
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

/** kernel-src/modules/Makefile; consumer uses what provider exports, and unknown_symbol is no good. */
const others = [
  ...["double_lock", "irqs_off_halt", "mdelay_init", "mutex_hold", "null_deref", "panic_now"],
  ...["printk_flood", "provider", "reboot_now", "spin_forever", "triple_fault", "with_params"],
  "stack_overflow",
];
const built = archive("i686/modules.tar.gz");

function testModule(name: string): ModuleSources {
  const read = (file: string): Buffer =>
    readFileSync(fileURLToPath(new URL(`../../kernel-src/modules/${file}`, import.meta.url)));
  return {
    name,
    folder: "/home/student/modules",
    sources: [`${name}.c`],
    files: new Map([`${name}.c`, "provider.h"].map((file) => [file, read(file)])),
    options: ["-g", "-Wno-infinite-recursion"],
  };
}

test.each(others)("the module %s is the one of a native build", async (name) => {
  expectSameSections(await build(testModule(name)), built.get(`${name}.ko`));
});

test("a module that uses another's symbols is the one of a native build", async () => {
  const provider = await modules.build(testModule("provider"));
  if (provider.outcome !== "built") throw new Error("provider was not built");
  const consumer = await build({ ...testModule("consumer"), exports: [provider.exports] });
  expectSameSections(consumer, built.get("consumer.ko"));
});

test("a symbol that nobody exports is an error", async () => {
  const build = await modules.build(testModule("unknown_symbol"));
  expect(build).toMatchObject({
    outcome: "failed",
    step: "modpost",
    diagnostics: [{ severity: "error", message: expect.stringContaining("undefined!") }],
  });
});
