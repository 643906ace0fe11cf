import { describe, expect, it } from "vitest";
import { planBuild } from "./build-plan.js";

const PATH = "/home/student/2-fops";
const MODULE_TEXT = 'module_init(hello_init);\nMODULE_LICENSE("GPL");\n';
const PROGRAM_TEXT = "#include <stdio.h>\n\nint main(void)\n{\n}\n";
const MAKEFILE = "obj-m := hello.o\nccflags-y := -g\n";

const COURSE = {
  Makefile: MAKEFILE,
  "hello.c": MODULE_TEXT,
  "hello-fops.c": MODULE_TEXT,
  "hello-test.c": PROGRAM_TEXT,
  "hello.ko": "",
};

async function plan(files: Readonly<Record<string, string>>, shown: string) {
  const folder = {
    path: PATH,
    names: [...Object.keys(files), "sub/"],
    read: async (path: string) => files[path.slice(PATH.length + 1)] ?? "",
  };
  const planned = await planBuild(folder, `${PATH}/${shown}`);
  return planned.kind === "plan" ? planned.plan : planned;
}

const test = { source: "hello-test.c", program: "a.out" };

describe("what is built in a folder", () => {
  it("is the module of its Makefile, with the program that tries it out", async () => {
    const expected = { folder: PATH, modules: ["hello"], test };
    expect(await plan(COURSE, "hello.c")).toEqual(expected);
    expect(await plan(COURSE, "hello-fops.c")).toEqual(expected);
    expect(await plan(COURSE, "hello-test.c")).toEqual(expected);
    expect(await plan(COURSE, "Makefile")).toEqual(expected);
  });

  it("may be a module alone, or several", async () => {
    const { "hello-test.c": _, ...without } = COURSE;
    expect(await plan(without, "hello.c")).toMatchObject({ modules: ["hello"], test: undefined });
    const several = { ...without, Makefile: "obj-m += base.o user.o\nuser-objs := a.o b.o\n" };
    expect(await plan(several, "hello.c")).toMatchObject({ modules: ["base", "user"] });
  });

  it("goes by Kbuild, where there is one", async () => {
    const both = { ...COURSE, Kbuild: "obj-m := other.o\nother-y := hello.o\n" };
    expect(await plan(both, "hello.c")).toMatchObject({ modules: ["other"] });
  });

  it("is without a Makefile what is shown", async () => {
    const files = { "one.c": MODULE_TEXT, "two.c": MODULE_TEXT, "two-test.c": PROGRAM_TEXT };
    expect(await plan(files, "two.c")).toEqual({
      folder: PATH,
      modules: ["two"],
      test: { source: "two-test.c", program: "a.out" },
    });
    expect(await plan(files, "two-test.c")).toMatchObject({ modules: ["one", "two"] });
    expect(await plan({ "try.c": PROGRAM_TEXT }, "try.c")).toMatchObject({
      modules: [],
      test: { source: "try.c" },
    });
  });

  it("has no test where several programs are, and none is shown", async () => {
    const files = { ...COURSE, "hello-test.c": "", "a.c": PROGRAM_TEXT, "b.c": PROGRAM_TEXT };
    expect(await plan(files, "hello.c")).toMatchObject({ test: undefined });
    expect(await plan(files, "b.c")).toMatchObject({ test: { source: "b.c" } });
  });

  it("does not take for a program what only names main()", async () => {
    const files = { Makefile: MAKEFILE, "note.c": "/* not main() */\nint domain(int x);\n" };
    expect(await plan(files, "hello.c")).toMatchObject({ test: undefined });
  });

  it("may be nothing, which is said", async () => {
    expect(await plan({ "notes.txt": "" }, "notes.txt")).toMatchObject({
      kind: "nothing",
      why: expect.stringContaining("obj-m"),
    });
  });

  it("is not guessed when the Makefile is not understood", async () => {
    const files = { ...COURSE, Makefile: "# mine\nobj-m := sub/\n" };
    expect(await plan(files, "hello.c")).toMatchObject({
      kind: "problem",
      problem: { severity: "error", place: { path: `${PATH}/Makefile`, line: 2, column: 1 } },
    });
  });
});
