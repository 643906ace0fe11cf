import type { SourceFile } from "../folder-sources.js";

/** What a folder's C files are, as far as their texts say. */
export interface FolderParts {
  /** Names without `.c` of those that are kernel modules. */
  readonly modules: readonly string[];
  /** The same of programs. */
  readonly programs: readonly string[];
}

/** Names that mean nothing but themselves to make and to a shell. */
const PLAIN_SOURCE = /^([A-Za-z0-9][A-Za-z0-9_.+-]*)\.c$/;
/** modpost takes no module without one. */
const MODULE = /^\s*MODULE_LICENSE\s*\(/m;
const PROGRAM = /^[^/*\n;#"]*\bmain\s*\(/m;

export function partsOf(files: readonly SourceFile[]): FolderParts {
  const modules: string[] = [];
  const programs: string[] = [];
  for (const { path, bytes } of files) {
    const name = PLAIN_SOURCE.exec(path)?.[1];
    if (name === undefined) continue;
    const text = new TextDecoder().decode(bytes);
    if (MODULE.test(text)) modules.push(name);
    else if (PROGRAM.test(text)) programs.push(name);
  }
  return { modules, programs };
}

/** GNU make and kbuild look for one of these in a folder. */
const MAKEFILES = ["GNUmakefile", "makefile", "Makefile"];

export function hasMakefile(files: readonly SourceFile[]): boolean {
  return files.some(({ path }) => MAKEFILES.includes(path));
}

/**
 * A Makefile for a folder that has none, in the kernel's way (Documentation/kbuild/modules.rst):
 * each module of one source, and each program.
 */
export function makeMakefile({ modules, programs }: FolderParts): string {
  const lines = [
    "# Made by kspace for a folder that had no Makefile. Modules need the built",
    "# tree of the kernel that they are for:",
    "#",
    "#\tmake KDIR=/path/to/linux",
    "#",
  ];
  if (modules.length > 0) {
    lines.push(`obj-m := ${modules.map((name) => `${name}.o`).join(" ")}`, "ccflags-y := -g", "");
  }
  lines.push("KDIR ?= /lib/modules/$(shell uname -r)/build", "");
  lines.push(`all: ${programs.join(" ")}`.trimEnd());
  if (modules.length > 0) lines.push("\t$(MAKE) -C $(KDIR) M=$(CURDIR) modules");
  lines.push("");
  for (const name of programs) lines.push(`${name}: ${name}.c`, "\t$(CC) -Wall -g -o $@ $<", "");
  lines.push("clean:");
  if (modules.length > 0) lines.push("\t$(MAKE) -C $(KDIR) M=$(CURDIR) clean");
  if (programs.length > 0) lines.push(`\t$(RM) ${programs.join(" ")}`);
  lines.push("", ".PHONY: all clean", "");
  return lines.join("\n");
}
