import { afterAll, test as anyTest, beforeAll, expect } from "vitest";
import { Images, nodeImageSource } from "../../node/index.js";
import type { FinishedModule } from "../../toolchain/index.js";
import { hasCompiler } from "../../toolchain/test-support/images.js";
import { Builds } from "./builds.js";

/** Sources that would take all of a machine: they end within limits, and the next build goes well. */

const test = anyTest.skipIf(!hasCompiler());
const BEGIN = '#include <linux/module.h>\nMODULE_LICENSE("GPL");\n';

let builds: Builds;
/** Whether the time limit is over as soon as a build begins. */
let expires = false;

beforeAll(async () => {
  builds = new Builds(await Images.open(nodeImageSource()), "i686", {
    timeLimitMs: 5000,
    // Twice what the course's module takes.
    memoryLimit: 128 * 1024 * 1024,
    after: (_ms, callback) => {
      if (expires) queueMicrotask(callback);
      return () => undefined;
    },
  });
});
afterAll(() => builds[Symbol.dispose]());

async function build(source: string): Promise<FinishedModule> {
  const session = await builds.session();
  const files = new Map([["a.c", new TextEncoder().encode(source)]]);
  return session.buildModule({ name: "a", folder: "/home/student", sources: ["a.c"], files });
}

test("macros that double without end run out of memory", async () => {
  const doubled = Array.from({ length: 40 }, (_, n) => `#define t${n + 1} t${n} t${n}\n`);
  const ended = await build(`${BEGIN}#define t0 +1\n${doubled.join("")}int endless = t40;\n`);
  expect(ended).toMatchObject({ outcome: "out-of-memory", step: "compile" });
  expect("reason" in ended && ended.reason).toMatch(/memory were not enough/);
  expect(await build(BEGIN)).toMatchObject({ outcome: "built" });
});

test("a source that includes itself 2^40 times runs out of time", async () => {
  expires = true;
  const twice = '#include "a.c"\n#include "a.c"\n';
  const ended = await build(`#if __INCLUDE_LEVEL__ < 40\n${twice}#endif\n`);
  expect(ended).toEqual({ outcome: "timed-out", afterMs: 5000 });
  expires = false;
  expect(await build(BEGIN)).toMatchObject({ outcome: "built" });
});

test("templates are no C", async () => {
  const template = "template <int N> struct A { A<N + 1> next; };\nA<0> endless;\n";
  const ended = await build(BEGIN + template);
  expect(ended).toMatchObject({
    outcome: "failed",
    diagnostics: [
      {
        severity: "error",
        message: "unknown type name 'template'",
        advice: expect.stringContaining("C++"),
      },
      ...[{}, {}, {}],
    ],
  });
});

test("a source of 10 MB is built", async () => {
  const comment = `/*${"x".repeat(10_000_000)}*/\n`;
  expect(await build(BEGIN + comment)).toMatchObject({ outcome: "built" });
  const declarations = Array.from({ length: 400_000 }, (_, n) => `extern int variable_${n};\n`);
  expect(await build(BEGIN + declarations.join(""))).toMatchObject({ outcome: "built" });
});
