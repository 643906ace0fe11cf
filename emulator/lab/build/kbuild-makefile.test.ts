import { spawnSync } from "node:child_process";
import { describe, expect, it, test } from "vitest";
import { type KbuildMakefile, readKbuildMakefile } from "./kbuild-makefile.js";
import { MakefileError } from "./makefile-error.js";

const read = (text: string, variables: Readonly<Record<string, string>> = {}): KbuildMakefile =>
  readKbuildMakefile(text, { file: "Makefile", folder: "/home/student/x", variables });

/** Makefiles as they are found beside modules, each with something of make's language. */
const MAKEFILES: Readonly<Record<string, string>> = {
  course: `# A comment
obj-m := hello.o
ccflags-y := -g

KDIR ?= /lib/modules/$(shell uname -r)/build

all:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

clean:
	$(MAKE) -C $(KDIR) M=$(CURDIR) clean
`,
  "for kbuild and for make": `ifneq ($(KERNELRELEASE),)
obj-m := hello.o
hello-y := main.o sub/part.o
else
KERNELDIR ?= /lib/modules/$(shell uname -r)/build
PWD := $(shell pwd)
obj-m := wrong.o
default:
	$(MAKE) -C $(KERNELDIR) M=$(PWD) modules
endif
`,
  several: `obj-m += a.o b.o \\
         c.o
b-objs := b1.o b2.o
CFLAGS_b1.o := -DPART=1   # only there
EXTRA_CFLAGS = -I$(src)/include
ccflags-y += -DNAME='"a b"' -DQUOTED=\\"c\\"
`,
  variables: `SOURCES = one.c two.c
OBJECTS := $(SOURCES:.c=.o)
LATER = $(SET)
SET := -DLATER
EARLY := $(UNSET)
UNSET := -DNEVER
MAYBE ?= -DMAYBE
MAYBE ?= -DNEVER
FLAGS = -DONE
FLAGS += -DTWO
FLAGS += $(LATER)
export FLAGS
obj-m := x.o
x-objs := $(OBJECTS)
ccflags-y := $(FLAGS) $(MAYBE) $(EARLY) -DDOLLAR=$$ \${SET}
HASH := -DHASH='\\#'
ccflags-y += $(HASH)
`,
  conditionals: `DEBUG = y
ifeq ($(DEBUG), y)
  ccflags-y += -DDEBUG
else ifeq ($(DEBUG),n)
  ccflags-y += -DNEVER
else
  ccflags-y += -DNEVER2
endif
ifdef NOTHING
  ccflags-y += -DNEVER3
else
  ccflags-y += -DELSE
  ifndef DEBUG
    ccflags-y += -DNEVER4
  endif
endif
ifeq "$(DEBUG)" 'y'
obj-m := y.o
endif
obj-$(NOTHING) += never.o
`,
  rules: `obj-m := r.o
all: modules
.PHONY: all
modules:
	X = not a variable
	obj-m := not.o
target: ccflags-y := -DTARGET
%.o: %.c ; cc
define HELP
obj-m := in-a-definition.o
endef
ccflags-y := -DRULES
`,
};

describe("a kbuild Makefile", () => {
  const makeIsMissing = spawnSync("make", ["--version"]).error !== undefined;

  it.skipIf(makeIsMissing).each(Object.keys(MAKEFILES))("is read as make reads it: %s", (name) => {
    const text = MAKEFILES[name] ?? "";
    const makefile = read(text);
    const shown = [
      "obj-m",
      ...makefile.modules.flatMap(({ name }) => [`${name}-objs`, `${name}-y`]),
    ];
    // The flags as a shell would split them: one to a line.
    const end = `
$(info $(strip $(foreach name,${shown.join(" ")},$(name)=$($(name)))))
kspace-flags:;@printf '%s\\n' $(ccflags-y) $(EXTRA_CFLAGS)`;
    const folder = "src=/home/student/x";
    const args = ["-rR", "-s", "-f", "-", folder, "KERNELRELEASE=6.1", "kspace-flags"];
    const { stdout, stderr } = spawnSync("make", args, { input: text + end, encoding: "utf8" });
    expect(stderr).toBe("");
    const [variables, ...flags] = stdout.trimEnd().split("\n");
    const said = makefile.modules.flatMap(({ name, sources }) => {
      const objects = sources.map((source) => source.replace(/\.c$/, ".o")).join(" ");
      const has = (kind: string): string => (text.includes(`${name}-${kind} `) ? objects : "");
      return [`${name}-objs=${has("objs")}`, `${name}-y=${has("y")}`];
    });
    const objects = makefile.modules.map((module) => `${module.name}.o`).join(" ");
    expect([`obj-m=${objects}`, ...said].join(" ")).toBe(variables);
    expect(makefile.options).toEqual(flags.filter((flag) => flag !== ""));
  });

  it("says of what a module is made", () => {
    expect(read(MAKEFILES.several ?? "")).toEqual({
      modules: [
        { name: "a", sources: ["a.c"] },
        { name: "b", sources: ["b1.c", "b2.c"] },
        { name: "c", sources: ["c.c"] },
      ],
      options: ['-DNAME="a b"', '-DQUOTED="c"', "-I/home/student/x/include"],
      sourceOptions: new Map([["b1.c", ["-DPART=1"]]]),
    });
  });

  it("of something else has no modules", () => {
    expect(read("a.out: a.c\n\tgcc a.c\ninclude other.mk\n")).toEqual({
      modules: [],
      options: [],
      sourceOptions: new Map(),
    });
  });

  it("takes what make's command line sets", () => {
    const text = "obj-$(CONFIG_HELLO) += hello.o\nccflags-$(CONFIG_HELLO_DEBUG) += -DDEBUG\n";
    const variables = { CONFIG_HELLO: "m", CONFIG_HELLO_DEBUG: "" };
    expect(read(text, variables)).toMatchObject({ modules: [{ name: "hello" }], options: [] });
  });

  it.skipIf(makeIsMissing)(
    "lets the command line win over it, as make does, but for override",
    () => {
      const text = `A = -DFILE
A += -DMORE
override B = -DFILE
override C += -DMORE
D ?= -DFILE
obj-m := a.o
ccflags-y := $(A) $(B) $(C) $(D)
`;
      const variables = { A: "-DA", B: "-DB", C: "-DC", D: "-DD" };
      const given = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
      const input = `${text}all:;@echo $(ccflags-y)`;
      const { stdout } = spawnSync("make", ["-sf", "-", ...given], { input, encoding: "utf8" });
      expect(read(text, variables).options.join(" ")).toBe(stdout.trim());
      expect(stdout).toBe("-DA -DFILE -DC -DMORE -DD\n");
    },
  );

  it.each([
    ["obj-m := $(shell ls *.o)", 1, "$(shell ls *.o)"],
    ["obj-m := $(patsubst %.c,%.o,$(wildcard *.c))", 1, "patsubst"],
    ["\nobj-$(CONFIG_HELLO) += hello.o", 2, "CONFIG_HELLO"],
    ["obj-m := a.o\nccflags-$(CONFIG_DEBUG) := -DX", 2, "CONFIG_DEBUG"],
    ["obj-m := a.o\nifdef CONFIG_X\nccflags-y := -DX\nendif", 2, "CONFIG_X"],
    ["obj-m := a.o\na-$(CONFIG_X) := b.o\na-y := c.o", 2, "CONFIG_X"],
    ["obj-m := a.o\nccflags-y != echo -g", 2, "echo -g"],
    ["obj-m := a.o\nifeq ($(shell uname),Linux)\nccflags-y := -DX\nendif", 2, "shell uname"],
    ["obj-m := a.o\ninclude common.mk", 2, "include common.mk"],
    ["obj-m := sub/", 1, "sub/"],
    ["obj-m := a.o\nCFLAGS_REMOVE_a.o := -pg", 2, "CFLAGS_REMOVE_a.o"],
    ["obj-m = $(obj-m) a.o", 1, "refers to itself"],
    ["obj-m := a.o $(", 1, "begins nothing"],
  ])("with %j is refused, and it is said where", (text, line, what) => {
    const error = thrown(() => read(text));
    expect(error).toBeInstanceOf(MakefileError);
    expect(error).toMatchObject({ code: "bad-request", file: "Makefile", line });
    expect(error.message).toContain(`Makefile:${line}: `);
    expect(error.message).toContain(what);
  });
});

function thrown(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("Nothing was thrown.");
}

test("variables that double each other are no way to fill the memory", () => {
  const doubled = Array.from({ length: 40 }, (_, n) => `V${n + 1} = $(V${n}) $(V${n})\n`);
  const text = `V0 = a.o\n${doubled.join("")}obj-m = $(V40)\n`;
  expect(thrown(() => read(text))).toBeInstanceOf(MakefileError);
  const long = `obj-m := ${"a.o ".repeat(100_000)}\n${"$(".repeat(100_000)}\n`;
  expect(read(long).modules).toHaveLength(100_000);
});

test("what is not needed may be anything", () => {
  const text =
    "X := $(shell rm -rf /)\nY = $(call f,$(X))\nobj-m := a.o\nall: ; $(X)\n$(info $(X))\n";
  expect(read(text).modules).toEqual([{ name: "a", sources: ["a.c"] }]);
});
