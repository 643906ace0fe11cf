/** `make` and `gcc` as they are typed in a real guest, with the real compiler. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { bootLab, type Lab } from "../../node/index.js";
import type { CommandResult } from "../outcome.js";
import { outputOf, text, waitInGuest } from "../test-support/guest.js";
import { SHELL_PROMPT, Typist } from "../test-support/typist.js";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const FOPS = "/home/student/2-fops";

let lab: Lab;
let typist: Typist;

beforeAll(async () => {
  lab = await bootLab();
  typist = new Typist(lab);
  // The first one fetches the compiler, and says so.
  const first = await run("make -B", FOPS);
  expect(outputOf(first)).toContain(`  LD [M]  ${FOPS}/hello.ko\n`);
  expect(text(first.stderr)).toMatch(/^make: fetching the compiler \(\d+\.\d MB\)\n$/);
});

afterAll(async () => {
  typist[Symbol.dispose]();
  await lab.close();
});

/** Runs a line of a shell as the student, with no terminal. */
function run(
  line: string,
  cwd: string,
  user: "student" | "root" = "student",
): Promise<CommandResult> {
  return lab.sh(line, { cwd, user });
}

/** What it writes, and how it ends. */
async function said(line: string, cwd: string): Promise<string> {
  return outputOf(await run(`(${line}) 2>&1; echo "status $?"`, cwd));
}

async function newFolder(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = `/home/student/${name}`;
  lab.files.mkdir(`student/${name}`, { uid: 1000, gid: 1000 });
  for (const [path, content] of Object.entries(files)) {
    await lab.writeFile(`${folder}/${path}`, content);
  }
  return folder;
}

const MODULE = `
#include <linux/module.h>
static int __init start(void) { return 0; }
static void __exit stop(void) { }
module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
`;

/** A folder with one module of this name, and a Makefile for it. */
function moduleFolder(name: string, source = MODULE): Promise<string> {
  return newFolder(name, { [`${name}.c`]: source, Makefile: `obj-m := ${name}.o\n` });
}

/** Some ten million tokens. */
const SLOW = (() => {
  const ten = (of: string): string => `${of} `.repeat(10);
  const levels = Array.from({ length: 6 }, (_, i) => `#define L${i + 1} ${ten(`L${i}`)}\n`);
  return `#define L0 ${ten("int x;")}\n${levels.join("")}L6\n`;
})();

it("does section 2 of the course by its own lines, typed at the prompt", async () => {
  const type = (line: string): Promise<string> => typist.line(line, SHELL_PROMPT);
  await type(`cd ${FOPS}; rm -f hello.ko a.out`);
  expect((await type("cp hello-fops.c hello.c; make clean; make")).trimEnd().split("\n")).toEqual([
    `  CC [M]  ${FOPS}/hello.o`,
    `  MODPOST ${FOPS}/Module.symvers`,
    `  CC [M]  ${FOPS}/hello.mod.o`,
    `  LD [M]  ${FOPS}/hello.ko`,
  ]);
  // What is fetched for it is said in a line that is erased.
  expect(await type("gcc hello-test.c")).toMatch(/^(gcc: fetching .*MB)*$/);
  expect(await type("sudo insmod ./hello.ko")).toContain("hello: loaded");
  expect(await type("sudo ./a.out")).toContain("read 6 bytes: hello");
  expect(await type("sudo rmmod hello")).toContain("hello: unloaded");
});

describe("make", () => {
  it("builds what is older than its sources, and the file is the caller's", async () => {
    const folder = await moduleFolder("plain");
    expect(await said("make -s", folder)).toBe("status 0\n");
    expect(await said("make", folder)).toBe("make: Nothing to be done for 'all'.\nstatus 0\n");
    expect(await said("stat -c '%U %a' plain.ko", folder)).toBe("student 644\nstatus 0\n");
    // By the clock of the guest, from which the file's times must not be apart.
    expect(await said("sleep 0.01; touch plain.c; make", folder)).toContain("CC [M]");
    await run("make -B", folder, "root");
    expect(await said("stat -c %U plain.ko", folder)).toContain("root");
    expect(await said("insmod plain.ko", folder)).toContain("Operation not permitted");
    expect(
      outputOf(await run("insmod plain.ko && rmmod plain && echo loaded", folder, "root")),
    ).toBe("loaded\n");
  });

  it("builds anew after a header of the module was edited", async () => {
    const folder = await newFolder("header", {
      "header.c": `#include "value.h"\n${MODULE}MODULE_VERSION(VALUE);\n`,
      "value.h": '#define VALUE "one"\n',
      Makefile: "obj-m := header.o\n",
    });
    expect(await said("make -s && modinfo -F version header.ko", folder)).toBe("one\nstatus 0\n");
    const edit = "sed -i s/one/two/ value.h";
    expect(await said(`${edit}; make -s && modinfo -F version header.ko`, folder)).toBe(
      "two\nstatus 0\n",
    );
  });

  it("shows the compiler's messages on standard error, and ends with 2", async () => {
    const source = MODULE.replace("return 0", "return zero");
    const folder = await moduleFolder("broken", source);
    const result = await run("make", folder);
    expect(result).toMatchObject({ outcome: "exited", exitCode: 2 });
    expect(text(result.stdout)).toBe(`  CC [M]  ${folder}/broken.o\n`);
    expect(text(result.stderr)).toContain(
      `${folder}/broken.c:3:40: error: use of undeclared identifier 'zero'`,
    );
    expect(text(result.stderr)).toContain(`make: *** [${folder}/broken.o] Error 1\n`);
    expect(text(result.stderr)).not.toContain("\x1b");
    // In colours where they are seen.
    await typist.line(`cd ${folder}`, SHELL_PROMPT);
    let raw = "";
    using _output = lab.terminal.onOutput((bytes) => {
      raw += text(bytes);
    });
    await typist.line("make", SHELL_PROMPT);
    expect(raw).toContain("\x1b[0;1;31merror: ");
  });

  it("tells what is not exported, and what may have been meant", async () => {
    const source = MODULE.replace("return 0", 'extern void printf(char *); printf("x"); return 0');
    const folder = await moduleFolder("unknown", source);
    const output = await said("make", folder);
    expect(output).toContain('ERROR: modpost: "printf" [');
    expect(output).toContain(`make: *** [${folder}/Module.symvers] Error 1\nstatus 2\n`);
    expect(output).toMatch(/^note: printf: did you mean .*\bsprintf\b.*\?$/m);
  });

  it("builds modules that use each other's exports, in whatever order they are named", async () => {
    const folder = await newFolder("pair", {
      "user.c": `${MODULE.replace("return 0", "return given()")}int given(void);\n`.replace(
        "static",
        "int given(void);\nstatic",
      ),
      "giver.c": `${MODULE}int given(void);\nint given(void) { return 0; }\nEXPORT_SYMBOL_GPL(given);\n`,
      Makefile: "obj-m := user.o giver.o\n",
    });
    expect(await said("make", folder)).toContain("status 0");
    expect(await said("cut -f 2-4 Module.symvers", folder)).toBe(
      `given\t${folder}/giver\tEXPORT_SYMBOL_GPL\nstatus 0\n`,
    );
    expect(await said("modinfo -F depends user.ko", folder)).toBe("giver\nstatus 0\n");
    expect(await said("make", folder)).toContain("Nothing to be done");
    // The one alone knows the other's exports from the last time.
    expect(await said("touch user.c; make", folder)).not.toContain("giver.o");
    const load = "insmod giver.ko && insmod user.ko && rmmod user giver && echo loaded";
    expect(outputOf(await run(load, folder, "root"))).toBe("loaded\n");
  });

  it("takes the kernel's own way of being called, from any folder", async () => {
    const folder = await moduleFolder("away");
    const kernel = "/lib/modules/$(uname -r)/build";
    expect(await said(`make -C ${kernel} M=${folder} modules`, "/tmp")).toContain("away.ko");
    expect(await said(`make -C ${folder} KDIR=${kernel} clean`, "/tmp")).toBe(
      `make: Entering directory '${folder}'\n  CLEAN   ${folder}\n` +
        `make: Leaving directory '${folder}'\nstatus 0\n`,
    );
    expect(await said("ls", folder)).toBe("Makefile\naway.c\nstatus 0\n");
  });

  it.each([
    ["make", "No targets specified and no makefile found.  Stop."],
    ["make clean", "No rule to make target 'clean'.  Stop."],
    ["make -n", "this make has no option -n; make --help says which it has.  Stop."],
    ["make KDIR=/usr/src/other", "there are only the headers of this kernel"],
    ["make ARCH=arm", "ARCH cannot be chosen here: modules are built for this kernel.  Stop."],
    ["make -C /lib/modules/$(uname -r)/build", "The kernel itself is not built here"],
    ["cd /tmp; make", "/tmp: the compiler sees what is below /home alone"],
  ])("says why it does not: %s", async (line, why) => {
    const folder = await newFolder("empty", {});
    const output = await said(line, folder);
    expect(output).toMatch(/^make: \*\*\* .*\nstatus 2\n$/);
    expect(output).toContain(why);
  });

  it("says which targets and modules it knows", async () => {
    const folder = await newFolder("targets", { Makefile: "obj-m := some.o\n" });
    expect(await said("make install", folder)).toBe(
      "make: *** No rule to make target 'install': this make knows all, modules, some.ko, clean " +
        "and help.  Stop.\nstatus 2\n",
    );
    expect(await said("make", folder)).toBe(
      `make: *** No rule to make target '${folder}/some.c', needed by '${folder}/some.ko'.  ` +
        "Stop.\nstatus 2\n",
    );
    await lab.writeFile(`${folder}/Makefile`, "program: program.c\n\tgcc -o program program.c\n");
    expect(await said("make", folder)).toContain("gcc builds programs");
    expect(await said("make --help", folder)).toContain(
      "small command of the lab, and not GNU make",
    );
  });

  it("does not touch what the user may not write", async () => {
    const folder = await moduleFolder("theirs");
    await run("chown root . && chmod 755 .", folder, "root");
    expect(await said("make", folder)).toContain(
      "make: *** theirs.ko: Permission denied.  Stop.\n",
    );
    expect(await said("ls", folder)).toBe("Makefile\ntheirs.c\nstatus 0\n");
  });
});

describe("gcc", () => {
  const ADDER = {
    "main.c":
      '#include <stdio.h>\n#include "add.h"\nint main(void) { printf("%d\\n", add(2, 3)); return add(0, 4); }\n',
    "lib/add.c": "int add(int a, int b) { return a + b + EXTRA; }\n",
    "include/add.h": "int add(int, int);\n",
  };

  it("builds a program of several files, with options, that runs", async () => {
    const folder = await newFolder("adder", ADDER);
    expect(
      await said("gcc -Wall -Iinclude -DEXTRA=1 -o adder main.c lib/add.c -lm && ./adder", folder),
    ).toBe("6\nstatus 5\n");
    expect(await said("stat -c '%U %a' adder", folder)).toBe("student 755\nstatus 0\n");
  });

  it("compiles and links apart, also what lies in other folders", async () => {
    const folder = await newFolder("apart", ADDER);
    const line = "cd lib && cc -c -DEXTRA=0 add.c && clang -I../include ../main.c add.o && ./a.out";
    expect(await said(line, folder)).toBe("5\nstatus 4\n");
    expect(await said("ls lib", folder)).toBe("a.out\nadd.c\nadd.o\nstatus 0\n");
  });

  it("preprocesses to standard output, and looks for errors only", async () => {
    const folder = await newFolder("only", { "x.c": "#define A b\nint A;\n" });
    expect(await said("gcc -E x.c | grep int", folder)).toBe("int b;\nstatus 0\n");
    expect(await said("gcc -fsyntax-only x.c; ls", folder)).toBe("x.c\nstatus 0\n");
  });

  it("replaces a program that runs, which goes on", async () => {
    const folder = await newFolder("running", {
      "wait.c": "#include <stdio.h>\nint main(void) { getchar(); return 3; }\n",
    });
    const line =
      "gcc wait.c; mkfifo /tmp/wait; ./a.out < /tmp/wait & exec 3>/tmp/wait; gcc wait.c && echo built; exec 3>&-; wait $!";
    expect(await said(line, folder)).toBe("built\nstatus 3\n");
  });

  it("shows the compiler's messages, and ends with 1", async () => {
    const folder = await newFolder("wrong", { "wrong.c": "int main(void) { return x; }\n" });
    const result = await run("gcc wrong.c", folder);
    expect(result).toMatchObject({ exitCode: 1 });
    expect(text(result.stderr)).toContain("wrong.c:1:25: error: use of undeclared identifier 'x'");
    expect(await said("gcc none.c", folder)).toContain("no such file or directory: 'none.c'");
    expect(await said("gcc -shared wrong.c", folder)).toBe(
      "gcc: error: -shared: the guest's programs are static: there are no shared libraries\nstatus 1\n",
    );
    expect(await said("gcc -m64 wrong.c", folder)).toContain("for the guest's processor alone");
    expect(await said("gcc -o /tmp/x -DX=0 -Dx=X wrong.c", folder)).toContain("below /home alone");
    expect(await said("cd /tmp; gcc wrong.c", folder)).toContain("below /home alone");
    expect(await said("gcc --version", folder)).toMatch(/^clang version 16.*\nstatus 0\n$/);
  });

  /** Types a call of gcc that goes on for longer than any test, and waits until the compiler has it. */
  async function typeSlowBuild(folder: string): Promise<{ ended: Promise<unknown> }> {
    const session = await lab.builds.session();
    using builds = vi.spyOn(session, "buildProgram");
    lab.terminal.write(`cd ${folder}; gcc slow.c\n`);
    const { value } = await waitInGuest(lab, 60_000, "the build", () => builds.mock.results[0]);
    const ended = Promise.resolve(value);
    // It is looked at later.
    ended.catch(() => undefined);
    return { ended };
  }

  it("is interrupted by Ctrl-C, and so is the compiler", async () => {
    const folder = await newFolder("slow", { "slow.c": SLOW });
    const build = (await typeSlowBuild(folder)).ended;
    await typist.type("\x03", SHELL_PROMPT);
    await expect(build).rejects.toMatchObject({ code: "aborted" });
    const next = "ls; echo 'int main(void) { return 7; }' > x.c; gcc x.c; ./a.out";
    expect(await said(next, folder)).toBe("slow.c\nstatus 7\n");
  });

  it("gives way to a newer build, and says so", async () => {
    const folder = await newFolder("newer", {
      "slow.c": SLOW,
      "x.c": "int main(void) { return 0; }\n",
    });
    const build = (await typeSlowBuild(folder)).ended;
    expect(await said("gcc x.c && ./a.out", folder)).toBe("status 0\n");
    expect(await typist.until(SHELL_PROMPT)).toContain(
      "gcc: error: A newer build took this one's place.",
    );
    await expect(build).rejects.toMatchObject({ code: "superseded" });
  });

  it("is over when the guest goes back to a checkpoint", async () => {
    const folder = await newFolder("back", {
      "slow.c": SLOW,
      "x.c": "int main(void) { return 0; }\n",
    });
    await lab.checkpoint();
    const build = (await typeSlowBuild(folder)).ended;
    await lab.restore();
    await expect(build).rejects.toMatchObject({ code: "aborted" });
    expect(await said("gcc x.c && ./a.out", folder)).toBe("status 0\n");
  });
});
