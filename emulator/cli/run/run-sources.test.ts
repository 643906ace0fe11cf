import { readFileSync } from "node:fs";
import { afterAll, test as anyTest, beforeAll, expect } from "vitest";
import { hasCompiler } from "../../toolchain/test-support/images.js";
import { kernelSource } from "../test-support/kernel-source.js";
import { kspace } from "../test-support/run-cli.js";
import { sourceFolder, type TestFolder } from "../test-support/source-folder.js";
import type { NotBuiltJson, RunJson } from "./report-json.js";

/** `kspace run` with C files, which it builds. */

const test = anyTest.skipIf(!hasCompiler());

let folder: TestFolder;
let source: string;

beforeAll(async () => {
  // The course's edit of section 3: the last spin_unlock() of hello_write() is gone.
  const correct = readFileSync(kernelSource("course/hello-fops.c"), "utf8");
  const unlock = "\tspin_unlock(&hello_lock);\n\n\treturn ret;\t/* the number of bytes written";
  source = correct.replace(unlock, unlock.slice(unlock.indexOf("\n") + 1));
  expect(source.length).toBeLessThan(correct.length);
  folder = await sourceFolder({
    "hello.c": source,
    "hello-test.c": readFileSync(kernelSource("course/hello-test.c"), "utf8"),
    "folder.c/Makefile": "obj-m := a.o b.o\n",
    "wrong.c": "#include <linux/module.h>\nint a = b;\n",
  });
});
afterAll(() => folder[Symbol.asyncDispose]());

test("the student's own edit freezes the machine, and its lines are shown from the host", async () => {
  const args = ["run", folder.file("hello.c"), "--test", folder.file("hello-test.c"), "--json"];
  const { status, stdout, stderr } = await kspace(args);
  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  const json: RunJson = JSON.parse(stdout);
  expect(json.outcome).toBe("frozen");
  expect(json.builds).toMatchObject([
    { name: "hello.ko", outcome: "built", path: "/home/student/hello.ko", diagnostics: [] },
    { name: "hello-test", outcome: "built", path: "/home/student/hello-test", diagnostics: [] },
  ]);
  expect(json.steps.map(({ command }) => command)).toEqual(["insmod ./hello.ko", "./hello-test"]);
  const lines = source.split("\n");
  const write = lines.findIndex((line) => line.includes(" hello_write("));
  const acquired = lines.findIndex((line, at) => at > write && line.includes("spin_lock(")) + 1;
  expect(json.freeze?.holder).toMatchObject({
    kind: "known",
    acquired: {
      function: "hello_write",
      file: folder.file("hello.c"),
      line: acquired,
      excerpt: { markedLine: acquired },
    },
    waiting: { function: "hello_read", excerpt: expect.any(Object) },
  });
});

test("modules of C files take parameters, and use each other", async () => {
  const modules = ["provider.c", "consumer.c", "with_params.c,number=7"];
  const paths = modules.map((module) => kernelSource(`modules/${module}`));
  const { status, stdout } = await kspace(["run", ...paths]);
  expect(status).toBe(0);
  expect(stdout).toContain("# insmod ./with_params.ko number=7\n");
  expect(stdout).toContain("consumer: the answer is 42\n");
  expect(stdout).toContain("with_params: number=7 ");
});

test("nothing is run of what could not be built", async () => {
  const args = ["run", folder.file("wrong.c"), "--test", folder.file("hello-test.c")];
  const { status, stdout, stderr } = await kspace(args);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("wrong.c:2:9: error: use of undeclared identifier 'b'\n");
  expect(stderr).toContain("nothing is run");
  const inJson = await kspace([...args.slice(0, 2), "--json"]);
  expect({ status: inJson.status, stderr: inJson.stderr }).toEqual({ status: 1, stderr: "" });
  const json: NotBuiltJson = JSON.parse(inJson.stdout);
  expect(json).toMatchObject({
    outcome: "not-built",
    builds: [{ name: "wrong.ko", outcome: "failed", path: null, step: "compile" }],
  });
});

anyTest.each([
  [["folder.c"], "folder.c cannot be read: it is no plain file"],
  [["hello.c", "--test", "none.c"], "none.c cannot be read: there is no such file"],
])("%j is refused before anything is built", async (args, message) => {
  const inFolder = args.map((arg) => (arg.startsWith("-") ? arg : folder.file(arg)));
  const { status, stdout, stderr } = await kspace(["run", ...inFolder]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(message);
});
