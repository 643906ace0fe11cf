import { afterAll, test as anyTest, beforeAll, describe, expect } from "vitest";
import { bootLab, type Lab, type LabBuild } from "../../node/index.js";
import { hasCompiler } from "../../toolchain/test-support/images.js";
import { outputOf, shell } from "../test-support/guest.js";

/** Build this source, load it, expect that: `Lab.build()` in a guest. */

const test = anyTest.skipIf(!hasCompiler());
const FOLDER = "/home/student/built";
const BEGIN = '#include <linux/module.h>\nMODULE_LICENSE("GPL");\n';
/** A module that says something, and can be unloaded. */
const saying = (what: string): string =>
  `${BEGIN}static int __init start(void)\n{\n\tpr_info("%s\\n", ${what});\n\treturn 0;\n}\n` +
  "static void __exit stop(void)\n{\n}\nmodule_init(start);\nmodule_exit(stop);\n";

const SAY = { "say.c": saying('"two"') };

let lab: Lab;
beforeAll(async () => {
  lab = await bootLab();
});
afterAll(() => lab.close());

type Built = Extract<LabBuild, { outcome: "built" }>;

function built(build: LabBuild): Built {
  if (build.outcome === "built") return build;
  throw new Error(`Not built: ${"output" in build ? build.output : build.outcome}`);
}

/** The kernel's messages from a module's loading on. */
async function load(path: string): Promise<string[]> {
  const result = await lab.insmod(path);
  outputOf(result);
  return result.kernelLog.map((record) => record.text);
}

test("a module is built of its source, loaded, edited and built again", async () => {
  const module = { module: "say", folder: FOLDER };
  const first = built(await lab.build({ ...module, files: { "say.c": saying('"one"') } }));
  expect(first).toMatchObject({ path: `${FOLDER}/say.ko`, output: "", diagnostics: [] });
  expect(await lab.readFile(first.path)).toEqual(first.bytes);
  expect(await load(first.path)).toContain("one");
  await lab.writeFile(`${FOLDER}/say.c`, saying('"two"'));
  expect(outputOf(await lab.rmmod("say"))).toBe("");
  expect(await load(built(await lab.build(module)).path)).toContain("two");
  outputOf(await lab.rmmod("say"));
  expect(await shell(lab, `stat -c '%U %a' ${FOLDER} ${FOLDER}/say.c ${first.path}`)).toBe(
    "student 755\nstudent 644\nstudent 644\n",
  );
});

test("a folder's Makefile says of what, and with which options", async () => {
  const folder = `${FOLDER}/makefile`;
  const files = {
    Makefile:
      "obj-m := parts.o\nparts-objs := main.o sub/other.o\nccflags-y := -I$(src)/include\n" +
      "CFLAGS_main.o := -DWORD='\"from the Makefile\"'\n",
    "main.c": saying("text()").replace("static", 'const char *text(void);\n#include "x.h"\nstatic'),
    "sub/other.c": "const char *text(void);\nconst char *text(void) { return WORD; }\n",
    "include/x.h": "",
  };
  const missing = await lab.build({ module: "parts", folder, files });
  expect(missing).toMatchObject({
    outcome: "failed",
    diagnostics: [{ message: "use of undeclared identifier 'WORD'" }],
  });
  const both = files.Makefile.replace("CFLAGS_main.o", "CFLAGS_sub/other.o");
  const { path } = built(await lab.build({ module: "parts", folder, files: { Makefile: both } }));
  expect(await load(path)).toContain("from the Makefile");
  outputOf(await lab.rmmod("parts"));
  // Who says it oneself is not asked to have a Makefile.
  const options = ["-DWORD=0", `-I${folder}/include`];
  const sources = ["main.c", "sub/other.c"];
  const strange = { Makefile: "obj-m := $(shell ls)\n" };
  built(await lab.build({ module: "mine", folder, sources, options, files: strange }));
  await expect(lab.build({ module: "mine", folder })).rejects.toMatchObject({
    code: "bad-request",
    file: "Makefile",
    line: 1,
  });
});

test("modules of one folder use each other's symbols", async () => {
  const folder = `${FOLDER}/pair`;
  const files = {
    "provider.c": `${BEGIN}const char *word(void);\nconst char *word(void) { return "given"; }\nEXPORT_SYMBOL_GPL(word);\n`,
    "user.c": saying("word()").replace("static", "const char *word(void);\nstatic"),
  };
  expect(await lab.build({ module: "user", folder, files })).toMatchObject({
    outcome: "failed",
    step: "modpost",
  });
  const provider = built(await lab.build({ module: "provider", folder }));
  const user = built(await lab.build({ module: "user", folder }));
  outputOf(await lab.insmod(provider.path));
  expect(await load(user.path)).toContain("given");
  outputOf(await lab.sh("rmmod user provider"));
  // What it exported before is not another module's.
  expect(built(await lab.build({ module: "provider", folder })).output).toBe("");
  const exported = await lab.readFile(`${folder}/Module.symvers`);
  expect(new TextDecoder().decode(exported).split("\n")).toEqual([
    expect.stringContaining("\tword\t"),
    "",
  ]);
});

test("a program is built, and run by the student", async () => {
  const source = '#include <stdio.h>\nint main(void) { return puts("from C") < 0; }\n';
  const program = { program: "a.out", sources: ["main.c"], folder: FOLDER };
  const { path } = built(await lab.build({ ...program, files: { "main.c": source } }));
  const result = await lab.run("./a.out", { cwd: FOLDER, user: "student" });
  expect(path).toBe(`${FOLDER}/a.out`);
  expect(outputOf(result)).toBe("from C\n");
});

test("what is wrong with a source is a result, in colour if wanted, and writes nothing", async () => {
  const folder = `${FOLDER}/wrong`;
  const files = { "wrong.c": `${BEGIN}int a = b;\n` };
  const build = await lab.build({ module: "wrong", folder, files }, { colours: true });
  expect(build).toMatchObject({
    outcome: "failed",
    step: "compile",
    diagnostics: [
      {
        severity: "error",
        message: "use of undeclared identifier 'b'",
        place: { file: `${folder}/wrong.c`, line: 3, column: 9 },
      },
    ],
  });
  expect("output" in build && build.output).toContain("\x1b[");
  expect(await shell(lab, `ls ${folder}`)).toBe("wrong.c\n");
});

test("the guest's own files are not the compiler's, whatever a source includes", async () => {
  const folder = `${FOLDER}/outside`;
  for (const name of ["/etc/passwd", "../../../2-fops/hello.c", "/home/student/2-fops/hello.c"]) {
    const files = { "outside.c": `#include "${name}"\n${BEGIN}` };
    expect(await lab.build({ module: "outside", folder, files })).toMatchObject({
      outcome: "failed",
      diagnostics: [{ message: `'${name}' file not found` }],
    });
  }
});

test.each([
  [{ module: "x", folder: "/tmp" }, "/tmp is no folder under /home"],
  [{ module: "x", folder: "/home/../etc" }, "under /home"],
  [{ module: "x", folder: "student" }, "under /home"],
  [{ module: "missing", folder: FOLDER }, "There is no file missing.c"],
  [{ module: "x", folder: FOLDER, files: { "../x.c": "" } }, '"../x.c" is no file in'],
  [{ module: "x", folder: FOLDER, files: { "/etc/x.c": "" } }, '"/etc/x.c" is no file in'],
  [{ program: "../x", folder: FOLDER, sources: ["main.c"] }, '"../x" is no name'],
])("%j is refused", async (what, message) => {
  await expect(lab.build(what)).rejects.toMatchObject({
    code: "bad-request",
    message: expect.stringContaining(message),
  });
});

describe("a build that runs", () => {
  // It includes itself 2^40 times: a compiler that has begun with it comes to no end.
  const twice = '#include "endless.c"\n#include "endless.c"\n';
  const files = { "endless.c": `#if __INCLUDE_LEVEL__ < 40\n${twice}#endif\n` };
  const endless = { module: "endless", folder: FOLDER, files };

  test("gives way to a newer one", async () => {
    const older = expect(lab.build(endless)).rejects.toMatchObject({ code: "superseded" });
    const newer = lab.build({ module: "say", folder: FOLDER, files: SAY });
    await older;
    expect(built(await newer).path).toBe(`${FOLDER}/say.ko`);
  });

  test("is cancelled by its signal", async () => {
    const controller = new AbortController();
    const build = lab.build(endless, { signal: controller.signal });
    const failed = expect(build).rejects.toMatchObject({ code: "aborted" });
    await lab.sh("true");
    controller.abort();
    await failed;
    await expect(lab.build(endless, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "aborted",
    });
  });

  test("ends with the lab", async () => {
    const other = await bootLab();
    const { builds } = other;
    await builds.session();
    const failed = expect(other.build(endless)).rejects.toMatchObject({ code: "aborted" });
    await other.close();
    await failed;
    await expect(other.build(endless)).rejects.toMatchObject({ code: "closed" });
    await expect(builds.fetch("compiler")).rejects.toMatchObject({ code: "aborted" });
  });
});

test("a frozen guest does not matter to a build", async () => {
  await lab.restore();
  outputOf(await lab.insmod("/home/student/3-locking/hello.ko"));
  const frozen = await lab.run("./a.out", { cwd: "/home/student/3-locking" });
  expect(frozen.outcome).toBe("frozen");
  const { path } = built(await lab.build({ module: "say", folder: FOLDER, files: SAY }));
  await lab.restore();
  expect(await load(path)).toContain("two");
});
