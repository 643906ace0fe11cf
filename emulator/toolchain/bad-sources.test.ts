import { afterAll, test as anyTest, beforeAll, expect, onTestFinished } from "vitest";
import { startBuildThread } from "../node/build-thread.js";
import type { ModuleSources } from "./kbuild/module-builder.js";
import {
  BuildSession,
  type BuildSessionOptions,
  type FinishedModule,
} from "./session/build-session.js";
import {
  hasCompiler,
  kccProgram,
  modpostProgram,
  readPack,
  readPacks,
  readProgramOptions,
  readRecipe,
} from "./test-support/images.js";

/**
 * What a source can do to a compiler, in a thread as the lab has it: each ends in a result, within
 * a bound, and the next build is as good as ever.
 */

const test = anyTest.skipIf(!hasCompiler());
/** What the longest of them that comes to an end takes on a busy machine. */
const TIME_LIMIT_MS = 40_000;

/** Of 2 GB all would be told the same, later; hello.c takes 37 MiB. */
const SMALL_MEMORY = 96 * 2 ** 20;

let session: BuildSession;

async function openSession(options: BuildSessionOptions): Promise<BuildSession> {
  const programs = { kcc: await kccProgram(), modpost: modpostProgram() };
  return new BuildSession(
    {
      recipes: {
        module: readRecipe(),
        headers: readPacks("headers"),
        program: readProgramOptions(),
        library: readPacks("library"),
      },
      programs: async () => programs,
      files: async (pack) => readPack(pack),
    },
    startBuildThread,
    options,
  );
}

beforeAll(async () => {
  if (hasCompiler()) session = await openSession({ timeLimitMs: TIME_LIMIT_MS });
});
afterAll(() => session?.dispose());

const LICENCE = '#include <linux/module.h>\nMODULE_LICENSE("GPL");\n';
const HELLO = `${LICENCE}static int __init f(void) { return 0; }\nmodule_init(f);\n`;

function moduleOf(
  files: Readonly<Record<string, string | Uint8Array>>,
  overrides: Partial<ModuleSources> = {},
): ModuleSources {
  const encoder = new TextEncoder();
  const entries = Object.entries(files);
  return {
    name: "hello",
    folder: "/home/student",
    sources: entries.slice(0, 1).map(([path]) => path),
    files: new Map(
      entries.map(([path, text]) => [path, typeof text === "string" ? encoder.encode(text) : text]),
    ),
    ...overrides,
  };
}

const build = (text: string | Uint8Array): Promise<FinishedModule> =>
  session.buildModule(moduleOf({ "hello.c": text }));

/** What was done to the compiler before does not matter to the next build. */
async function expectAsEver(builds = session): Promise<void> {
  const next = await builds.buildModule(moduleOf({ "hello.c": HELLO }));
  expect(next).toMatchObject({ outcome: "built", output: "" });
}

/** A failure of the compiler with a message. */
function failure(message: RegExp) {
  return {
    outcome: "failed",
    step: "compile",
    diagnostics: expect.arrayContaining([
      expect.objectContaining({ message: expect.stringMatching(message) }),
    ]),
  };
}

/** Macros of which the last stands for `10 ** levels` times a text. */
function macroBomb(levels: number, text: string): string {
  const macros = Array.from(
    { length: levels },
    (_, level) => `#define M${level + 1} ${`M${level} `.repeat(10)}\n`,
  );
  return `#define M0 ${text}\n${macros.join("")}`;
}

function repeated(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("");
}

test.each([
  ["includes itself", '#include "hello.c"\n', /^#include nested too deeply$/],
  ["includes itself twice", '#include "hello.c"\n#include "hello.c"\n', /nested too deeply/],
  ["includes a file of the host", "#include </etc/passwd>\n", /^'\/etc\/passwd' file not found$/],
  ["includes a file above the root", '#include "../../../../etc/passwd"\n', /file not found$/],
  ["includes a folder", "#include <linux>\n", /^'linux' file not found$/],
  ["takes a file of the host in", 'asm(".incbin \\"/etc/passwd\\"");\n', /\/etc\/passwd/],
  ["nests parentheses", `int a = ${"(".repeat(20_000)}1;\n`, /nesting level exceeded/],
  ["nests blocks", `void f(void) ${"{".repeat(20_000)}\n`, /nesting level exceeded/],
  ["has an array larger than any", "char a[0x100000000];\n", /^array is too large/],
  ["has more data than a file may hold", "char a[260 << 20] = { 1 };\n", /No space left on device/],
  ["is UTF-16", Buffer.from(`\ufeff${HELLO}`, "utf16le"), /^UTF-16 \(LE\) byte order mark/],
])("a source that %s is a mistake", async (_what, text, message) => {
  expect(await build(text)).toMatchObject(failure(message));
});

test.each([
  ["CRLF", HELLO.replaceAll("\n", "\r\n")],
  ["a byte order mark", `\ufeff${HELLO}`],
  ["no newline at its end", HELLO.trimEnd()],
  ["Latin-1 in a comment", Buffer.from(`${HELLO}/* f\u00fcr */\n`, "latin1")],
  ["a question for a missing header", `${HELLO}#if __has_include(<linux/no.h>)\n#error\n#endif\n`],
  [
    "a question for a file of the host",
    `${HELLO}#if __has_include("/etc/passwd")\n#error\n#endif\n`,
  ],
  ["an array as large as memory, all zero", `${HELLO}char a[1 << 30];\n`],
  ["10 MB of comment", `/*${"x".repeat(10e6)}*/\n${HELLO}`],
  ["10 MB of data", `${HELLO}static char d[] = {${"0x12,".repeat(2e6)}};\n`],
])("a source with %s is built", async (_what, text) => {
  expect(await build(text)).toMatchObject({ outcome: "built" });
});

test.each([
  ["my file.c"],
  ["grüße 你.c"],
  ['it\'s "x".c'],
  ["$(x) #;%.c"],
  ["-x.c"],
  ["@x.c"],
  ["a\\b.c"],
])("a module of a source called %s is built", async (name) => {
  const module = moduleOf({ [name]: HELLO }, { folder: "/home/student/übung 1" });
  expect(await session.buildModule(module)).toMatchObject({ outcome: "built", output: "" });
});

test.each([["my file.c"], ["grüße 你.c"], ["-x.c"], ["@x.c"], ["$(x) #;%.c"]])(
  "a program of a source called %s is built",
  async (name) => {
    const program = moduleOf({ [name]: "int main(void) { return 0; }\n" });
    expect(await session.buildProgram(program)).toMatchObject({ outcome: "built", output: "" });
  },
);

test("a NUL in a source is a warning", async () => {
  expect(await build(`${HELLO}\0`)).toMatchObject({
    outcome: "built",
    diagnostics: [{ severity: "warning", message: expect.stringMatching(/^null character/) }],
  });
});

test("of a flood of warnings what is kept has an end", async () => {
  const ended = await build(HELLO + repeated(100_000, (index) => `#warning number ${index}\n`));
  expect(ended.outcome).toBe("built");
  if (ended.outcome !== "built") return;
  expect(ended.output.length).toBeLessThan(5e6);
  expect(ended.output).toMatch(/\(and \d+ bytes more\)\n$/);
});

test.each([
  ["a crash", "#pragma clang __debug crash\n"],
  ["a stack overflow", "#pragma clang __debug overflow_stack\n"],
  ["an endless chain of ifs", `void g(int a) { ${"if (a) ".repeat(400_000)}; }\n`],
  ["a macro that stands for a million terms", `${macroBomb(6, "+1")}int x = M6;\n`],
])("%s of the compiler is told", async (_what, text) => {
  const ended = await build(text);
  expect(ended).toMatchObject({ outcome: "crashed", step: "compile" });
  expect("reason" in ended && ended.reason).toMatch(/./);
  await expectAsEver();
});

test.each([
  ["10 MB of functions", repeated(300_000, (index) => `int f${index}(int a) { return a; }\n`)],
  ["a macro that stands for nothing, too often", `${macroBomb(15, "")}M15\n`],
  ["an assembler's endless loop", 'asm(".rept 1000000000\\nnop\\n.endr");\n'],
  ["two gigabytes in an assembler's word", 'asm(".fill 0x7fffffff");\n'],
])("what takes more memory than there is is told: %s", async (_what, text) => {
  const small = await openSession({ timeLimitMs: TIME_LIMIT_MS, memoryLimit: SMALL_MEMORY });
  onTestFinished(() => small.dispose());
  expect(await small.buildModule(moduleOf({ "hello.c": text }))).toMatchObject({
    outcome: "out-of-memory",
    step: "compile",
    reason: expect.stringMatching(/^\d+ MiB of memory were not enough$/),
  });
  await expectAsEver(small);
});

test("what never ends is ended", async () => {
  const timeLimitMs = 5000;
  const hasty = await openSession({ timeLimitMs });
  onTestFinished(() => hasty.dispose());
  // Repeats nothing.
  const endless = moduleOf({ "hello.c": 'asm(".rept 0x7fffffffffffffff\\n.endr");\n' });
  expect(await hasty.buildModule(endless)).toEqual({ outcome: "timed-out", afterMs: timeLimitMs });
  // In another thread.
  await expectAsEver(hasty);
});
