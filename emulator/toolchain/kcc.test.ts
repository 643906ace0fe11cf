import { test as anyTest, beforeAll, expect } from "vitest";
import { Kcc } from "./kcc.js";
import { hasCompiler, kccProgram } from "./test-support/images.js";
import { FileLayer } from "./wasi/file-layer.js";
import { ProgramFiles } from "./wasi/program-files.js";
import type { ProgramEnd } from "./wasi/run-program.js";

const test = anyTest.skipIf(!hasCompiler());
let kcc: Kcc;

beforeAll(async () => {
  if (hasCompiler()) kcc = new Kcc(await kccProgram());
});

/** Runs clang in /src with these files, and reads /src/a.s. */
async function clang(
  options: readonly string[],
  texts: Readonly<Record<string, string>>,
): Promise<{ end: ProgramEnd; assembly: string }> {
  const given = Object.entries(texts).map(
    ([name, text]) => [`/src/${name}`, new TextEncoder().encode(text)] as const,
  );
  const files = new ProgramFiles({ layers: [new FileLayer(given)], folders: ["/src", "/tmp"] });
  const target = ["--target=i386-linux-musl", "-O1", "-S", "-o", "a.s"];
  const end = await kcc.clang([...target, ...options], files, "/src");
  return { end, assembly: new TextDecoder().decode(files.read("/src/a.s")) };
}

test("what clang plans for an edited file is what it planned before", async () => {
  for (const value of [17, 18]) {
    const { assembly } = await clang(["a.c"], { "a.c": `int f(void) { return ${value}; }` });
    expect(assembly).toContain(`movl\t$${value}, %eax`);
  }
});

test("a file that was not there is found when it is", async () => {
  const missing = await clang(["b.c"], {});
  expect(missing.end).toMatchObject({
    outcome: "exited",
    status: 1,
    stderr: expect.stringContaining("no such file or directory: 'b.c'"),
  });
  const found = await clang(["b.c"], { "b.c": "int f(void) { return 19; }" });
  expect(found.assembly).toContain("movl\t$19, %eax");
  const gone = await clang(["b.c"], {});
  expect(gone.end).toEqual(missing.end);
});
