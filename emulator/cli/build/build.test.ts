import { symlinkSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, test as anyTest, beforeAll, describe, expect } from "vitest";
import { readModuleInfo } from "../../debuginfo/index.js";
import { bootLab } from "../../node/index.js";
import { hasCompiler } from "../../toolchain/test-support/images.js";
import { runCli } from "../cli.js";
import { Interrupted } from "../interrupt.js";
import type { TextSink } from "../streams.js";
import { kspace } from "../test-support/run-cli.js";
import { sourceFolder, type TestFolder } from "../test-support/source-folder.js";
import { TextRecorder } from "../test-support/text-recorder.js";
import type { ModulesJson } from "./command.js";
import type { BuildJson } from "./report-json.js";

/**
 * `kspace build` and `kspace cc` with the compiler as committed. Each run unpacks it, so that there
 * are few of them: what is to be seen of many modules is seen in one folder with a Makefile.
 */

const test = anyTest.skipIf(!hasCompiler());
const BEGIN = '#include <linux/module.h>\nMODULE_LICENSE("GPL");\n';
const INIT = "static int __init start(void)\n{\n\treturn 0;\n}\nmodule_init(start);\n";

const MODULES: Readonly<Record<string, string>> = {
  good: `${BEGIN}#include "sub/part.h"\n${INIT}int given = GIVEN + PART;\n`,
  warning: `${BEGIN}${INIT}static int __init other(void)\n{\n\tint unused;\n\treturn 0;\n}\n`,
  syntax: `${BEGIN}static int __init start(void)\n{\n\treturn 0\n}\nmodule_init(start);\n`,
  near: `#include <linux/modul.h>\n${BEGIN}`,
  near_own: `#include "sub/prt.h"\n${BEGIN}`,
  no_init: BEGIN,
  unexported: `${BEGIN}int _prink(const char *);\nstatic int __init start(void)\n{\n\treturn _prink("");\n}\nmodule_init(start);\n`,
  float: `${BEGIN}static int n;\nmodule_param(n, int, 0);\nstatic int __init start(void)\n{\n\treturn n * 1.5;\n}\nmodule_init(start);\n`,
  no_licence: `#include <linux/module.h>\n${INIT}`,
  outside: `#include "/etc/passwd"\n${BEGIN}${INIT}`,
  above: `#include "../../x.h"\n${BEGIN}${INIT}`,
  linked: `#include "link.h"\n${BEGIN}${INIT}`,
  large: `${BEGIN}${INIT}/*${"x".repeat(10_000_000)}*/\n`,
  // It uses what a module exports that the Makefile names behind it.
  a_consumer: `${BEGIN}extern int provided(void);\nstatic int __init start(void)\n{\n\treturn provided();\n}\nmodule_init(start);\n`,
  z_provider: `${BEGIN}int provided(void);\nint provided(void)\n{\n\treturn 0;\n}\nEXPORT_SYMBOL_GPL(provided);\n${INIT}`,
};

describe("a folder with a kbuild Makefile", () => {
  let folder: TestFolder;
  let result: Awaited<ReturnType<typeof kspace>>;
  let json: ModulesJson;

  beforeAll(async () => {
    if (!hasCompiler()) return;
    const names = Object.keys(MODULES);
    folder = await sourceFolder({
      ...Object.fromEntries(names.map((name) => [`${name}.c`, MODULES[name] ?? ""])),
      "sub/part.h": "#define PART 1\n",
      "sub/two.c": `${BEGIN}${INIT}`,
      "three.c": "int part_three;\n",
      Makefile:
        `obj-m := ${names.map((name) => `${name}.o`).join(" ")} several.o\n` +
        "several-objs := sub/two.o three.o\nCFLAGS_good.o := -DGIVEN=7\n",
    });
    symlinkSync("/etc/passwd", folder.file("link.h"));
    result = await kspace(["build", folder.path, "--json"]);
    json = JSON.parse(result.stdout);
  });
  afterAll(() => folder?.[Symbol.asyncDispose]());

  const built = (name: string): BuildJson => {
    const found = json.modules.find((module) => module.name === name);
    if (found === undefined) throw new Error(`${name} was not built`);
    return found;
  };
  const bytes = (name: string): Promise<Buffer> => readFile(folder.file(`${name}.ko`));

  test("is built as far as it can be", async () => {
    expect({ status: result.status, stderr: result.stderr }).toEqual({ status: 1, stderr: "" });
    expect(json.outcome).toBe("failed");
    expect(built("good")).toEqual({
      name: "good",
      outcome: "built",
      path: folder.file("good.ko"),
      step: null,
      diagnostics: [],
      output: "",
      reason: null,
      ms: expect.any(Number),
    });
    for (const name of ["good", "several", "large", "warning", "no_init"]) {
      expect(built(name).outcome).toBe("built");
      expect(readModuleInfo(await bytes(name))).toMatchObject({ name });
    }
    // A failure leaves nothing behind.
    await expect(stat(folder.file("syntax.ko"))).rejects.toThrow("ENOENT");
  });

  test("names its sources in the debug information as they lie on the host", async () => {
    expect((await bytes("good")).includes(folder.file("good.c"))).toBe(true);
    expect((await bytes("several")).includes(folder.file("sub/two.c"))).toBe(true);
  });

  test("has modules that use each other's symbols, in any order", async () => {
    expect(built("a_consumer")).toMatchObject({ outcome: "built", diagnostics: [] });
    expect(built("z_provider")).toMatchObject({ outcome: "built", diagnostics: [] });
    expect((await bytes("a_consumer")).includes("depends=z_provider\0")).toBe(true);
  });

  test("a warning lets it be built", () => {
    expect(built("warning").diagnostics).toEqual([
      expect.objectContaining({
        severity: "warning",
        message: "unused variable 'unused'",
        option: "-Wunused-variable",
        file: folder.file("warning.c"),
        line: 10,
        column: 6,
      }),
      expect.objectContaining({ message: "unused function 'other'" }),
    ]);
    expect(built("warning").output).toContain("        int unused;\n            ^\n");
  });

  test.each([
    ["syntax", "compile", { message: "expected ';' after return statement", line: 5, column: 10 }],
    ["near", "compile", { message: "'linux/modul.h' file not found", line: 1 }],
    ["outside", "compile", { message: "'/etc/passwd' file not found" }],
    ["above", "compile", { message: "'../../x.h' file not found" }],
    ["linked", "compile", { message: "'link.h' file not found" }],
    ["unexported", "modpost", { message: expect.stringMatching(/^"_prink" \[.*\] undefined!$/) }],
    ["float", "modpost", { message: expect.stringContaining('"__floatsidf"') }],
    ["no_licence", "modpost", { advice: expect.stringContaining('MODULE_LICENSE("GPL")') }],
  ])("%s is told from what is written", (name, step, diagnostic) => {
    expect(built(name)).toMatchObject({ outcome: "failed", path: null, step });
    expect(built(name).diagnostics[0]).toMatchObject(diagnostic);
  });

  test("says what may have been meant", () => {
    expect(built("near").diagnostics[0]?.suggestions[0]).toBe("linux/module.h");
    expect(built("unexported").diagnostics[0]?.suggestions[0]).toBe("_printk");
  });

  test("says what helps", () => {
    const advice = built("float").diagnostics.flatMap(({ advice }) => advice ?? []);
    expect(advice[0]).toContain("use integers");
  });

  test("a module that does nothing when it is loaded is warned of", () => {
    expect(built("no_init").diagnostics).toEqual([
      expect.objectContaining({
        severity: "warning",
        message: expect.stringContaining("module_init"),
      }),
    ]);
  });
});

test("messages are clang's own, with what helps set apart", async () => {
  await using folder = await sourceFolder({ "near.c": MODULES.near ?? "" });
  const { status, stdout, stderr } = await kspace(["build", folder.file("near.c")]);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toBe(
    `${folder.file("near.c")}:1:10: fatal error: 'linux/modul.h' file not found
#include <linux/modul.h>
         ^~~~~~~~~~~~~~~
1 error generated.
kspace: note: linux/modul.h: did you mean linux/module.h?
kspace: near.ko was not built.
`,
  );
});

test("Ctrl-C ends a compiler that has 2^40 files to read", async () => {
  const twice = '#include "endless.c"\n#include "endless.c"\n';
  await using folder = await sourceFolder({
    "endless.c": `#if __INCLUDE_LEVEL__ < 40\n${twice}#endif\n`,
  });
  const controller = new AbortController();
  let seen = "";
  const terminal: TextSink = {
    isTTY: true,
    columns: 80,
    write: (text) => {
      seen += text;
      // All is unpacked, and it builds.
      if (/Unpacking.*Building endless\.ko/s.test(seen)) {
        controller.abort(new Interrupted("SIGINT"));
      }
    },
  };
  const stdout = new TextRecorder();
  const status = await runCli(["build", folder.file("endless.c")], {
    stdin: Readable.from([]),
    stdout,
    stderr: terminal,
    env: {},
    signal: controller.signal,
    bootLab,
  });
  expect({ status, stdout: stdout.text }).toEqual({ status: 130, stdout: "" });
  expect(seen).toMatch(/Unpacking the compiler/);
  expect(seen.endsWith("\r\x1b[2K")).toBe(true);
});

describe("a program", () => {
  test("is built, with the options behind the dashes", async () => {
    await using folder = await sourceFolder({
      "main.c": '#include <stdio.h>\n#include "text.h"\nint main(void) { puts(TEXT DEFINED); }\n',
      "text.h": '#define TEXT "text"\n',
    });
    const output = folder.file("out");
    const define = `-DDEFINED=${JSON.stringify("defined")}`;
    const args = ["cc", folder.file("main.c"), "-o", output, "--json", "--", "-O1", define];
    const { status, stdout, stderr } = await kspace(args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "built", path: output, diagnostics: [] });
    expect((await stat(output)).mode & 0o777).toBe(0o755);
    expect((await readFile(output)).includes("textdefined\0")).toBe(true);
  });

  test("that is wrong is told with its notes", async () => {
    await using folder = await sourceFolder({
      "main.c": "static void f(int a) {}\nint main(void) { f(); g(); }\n",
    });
    const { status, stdout } = await kspace(["cc", folder.file("main.c"), "--json"]);
    expect(status).toBe(1);
    const { diagnostics } = JSON.parse(stdout) as BuildJson;
    expect(diagnostics[0]).toMatchObject({
      severity: "error",
      line: 2,
      notes: [{ severity: "note", message: "'f' declared here", line: 1 }],
    });
  });
});

test("kspace list finds the source where it was built", async () => {
  await using folder = await sourceFolder({ "mine.c": MODULES.warning ?? "" });
  const module = folder.file("mine.ko");
  expect((await kspace(["build", folder.file("mine.c"), "-o", module])).status).toBe(0);
  const { status, stdout } = await kspace(["list", "init_module", "--module", module]);
  expect(status).toBe(0);
  expect(stdout).toContain(` (${folder.file("mine.c")}:4).\n`);
  expect(stdout).toContain("\n4\t{\n");
});

describe("what cannot be built is refused before the compiler is unpacked", () => {
  let folder: TestFolder;
  beforeAll(async () => {
    folder = await sourceFolder({
      "a.c": BEGIN,
      "b.c": BEGIN,
      "no-makefile/a.c": "",
      "no-modules/Makefile": "all:\n",
      "strange/Makefile": "obj-m := $(shell ls)\n",
      "two/Makefile": "obj-m := a.o b.o\n",
      "lacks/Makefile": "obj-m := missing.o\n",
    });
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  anyTest.each([
    [["build", "none.c"], "none.c cannot be read: there is no such file"],
    [["build", "a.cpp"], "a.cpp is no C file but of another language"],
    [["cc", "a.cc"], "a.cc is no C file but of another language"],
    [["build", "a.c", "b.c"], "-o NAME.ko"],
    [["build", "a.c", "-o", "a.out"], "a.out is no name for a module"],
    [["build", "a.c", "b.c", "-o", "a.ko"], "none may be a.c"],
    [["build", "a.c", "-o", "bad name.ko"], '"bad name" is no name for a module'],
    [["build", "no-makefile"], "has no Makefile"],
    [["build", "no-modules"], "without obj-m"],
    [["build", "strange"], "Makefile:1: "],
    [["build", "two", "-o", "c.ko"], "makes 2 modules"],
    [["build", "lacks"], "There is no file missing.c"],
    [["build"], "missing required argument"],
    [["cc", "a.c", "--optimize"], "unknown option '--optimize'"],
  ])("%j", async (args, message) => {
    const inFolder = args.map((arg, index) =>
      index > 0 && !arg.startsWith("-") ? join(folder.path, arg) : arg,
    );
    const { status, stdout, stderr } = await kspace(inFolder);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});
