import { expect, test } from "vitest";
import { courseModules } from "../../debuginfo/test-support/tools.js";
import { fetchedPacks, modpostProgram, readRecipe } from "../test-support/images.js";
import { FileLayer } from "./file-layer.js";
import { ProgramFiles } from "./program-files.js";
import { type ProgramEnd, runProgram } from "./run-program.js";

/** The kernel's modpost is a small program that reads and writes files. */
const modpost = modpostProgram();
const tree = readRecipe().tree;
const kernel = fetchedPacks(tree, "headers", ["common"]).layers;
const modules = await courseModules();

async function check(
  object: Uint8Array,
  options: { memoryLimit?: number; writeLimit?: number } = {},
): Promise<{ end: ProgramEnd; files: ProgramFiles }> {
  const { memoryLimit = 64 * 1024 * 1024, writeLimit } = options;
  const files = new ProgramFiles({
    layers: [new FileLayer([["/src/hello.o", object]]), ...kernel],
    ...(writeLimit === undefined ? {} : { writeLimit }),
  });
  const symvers = ["-i", `${tree}/Module.symvers`, "-o", "/src/Module.symvers"];
  const end = await runProgram(modpost, {
    arguments: ["modpost", "-e", ...symvers, "/src/hello.o"],
    folder: "/",
    files,
    memoryLimit,
  });
  return { end, files };
}

const module = (name: string): Uint8Array => modules.get(name) ?? new Uint8Array();

test("a program reads and writes files, and ends with its status", async () => {
  const { end, files } = await check(module("2-fops/hello.ko"));
  expect(end).toMatchObject({ outcome: "exited", status: 0 });
  const part = new TextDecoder().decode(files.read("/src/hello.mod.c"));
  expect(part).toContain(".init = init_module");
  expect(part).toContain("MODULE_INFO(vermagic, VERMAGIC_STRING);");
});

test("an argument may have letters beyond ASCII", async () => {
  const object = `/${"ü你😀".repeat(100)}/hello.o`;
  const files = new ProgramFiles({
    layers: [new FileLayer([[object, module("2-fops/hello.ko")]]), ...kernel],
  });
  const end = await runProgram(modpost, {
    arguments: ["modpost", "-e", "-i", `${tree}/Module.symvers`, "-o", "/exports", object],
    folder: "/",
    files,
    memoryLimit: 64 * 1024 * 1024,
  });
  expect(end).toMatchObject({ outcome: "exited", status: 0 });
  expect(files.read(object.replace(".o", ".mod.c"))).toBeDefined();
});

test("what it writes to the terminal comes back", async () => {
  const { end } = await check(module("unknown_symbol.ko"));
  expect(end).toMatchObject({
    outcome: "exited",
    status: 1,
    stderr: expect.stringContaining(
      'ERROR: modpost: "nobody_exports_this" [/src/hello.ko] undefined!\n',
    ),
  });
});

test("two runs do not see each other's files", async () => {
  const runs = await Promise.all([check(module("provider.ko")), check(module("2-fops/hello.ko"))]);
  const starts = runs.map(({ files }) =>
    new TextDecoder().decode(files.read("/src/hello.mod.c")).includes(".init = "),
  );
  expect(starts).toEqual([false, true]); // provider.c has no module_init().
});

test("no space is an error that the program sees", async () => {
  const { end, files } = await check(module("2-fops/hello.ko"), { writeLimit: 100 });
  expect(end).toMatchObject({ outcome: "exited", status: 1 });
  expect(files.read("/src/hello.mod.c")?.length ?? 0).toBeLessThanOrEqual(100);
});

test("a program has no more memory than it is given", async () => {
  // 48 MiB of a file do not fit into 33 MiB of memory.
  const large = new Uint8Array(48 * 1024 * 1024);
  large.set(module("2-fops/hello.ko"));
  const memoryLimit = 33 * 1024 * 1024;
  const { end } = await check(large, { memoryLimit });
  expect(end.outcome === "exited" && end.status === 0).toBe(false);
  expect(end.memory).toBeLessThanOrEqual(memoryLimit);
  expect((await check(large, { memoryLimit: 128 * 1024 * 1024 })).end).toMatchObject({
    outcome: "exited",
    status: 0,
  });
});

test("what is no program is refused", async () => {
  // The smallest module: magic and version (WebAssembly Core Specification, 5.5.16).
  const nothing = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  const files = new ProgramFiles({ layers: [] });
  const start = { arguments: ["nothing"], folder: "/", files, memoryLimit: 1 };
  await expect(runProgram(nothing, start)).rejects.toThrow("it has no _start");
});
