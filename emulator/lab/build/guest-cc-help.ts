import type { HostCommand } from "../../console/index.js";

/** package `llvm-toolchain-16` of kernel-src/packages.json, which the compiler is built from */
const VERSION = "16";

/** What `gcc` says when it is only asked about itself; undefined when there is something to do. */
export function ccAnswer({ name, args }: HostCommand): string | undefined {
  if (args.some((word) => word === "--help" || word === "-help")) return help(name);
  if (args.includes("--version")) {
    return `clang version ${VERSION}, by the name of ${name}: outside of this guest, see ${name} --help\n`;
  }
  return args.includes("-dumpversion") ? `${VERSION}\n` : undefined;
}

function help(name: string): string {
  return `usage: ${name} [OPTION]... FILE...

This is a small command of the lab. It hands C files to a compiler outside of this guest,
clang ${VERSION}, which is fetched when it is first used, and puts what that makes into the
folder: a static program for this guest (a.out), with the C library musl.

Options, as clang and gcc have them:
  -o FILE               the name of what is made
  -c, -S, -E            only compile; into assembly; only preprocess
  -fsyntax-only         only look for errors
  -D, -U, -I, -include  macros, and where headers are
  -O…, -g…, -W…, -std=… -f…, -m…, -w, -ansi, -pedantic, -x c
  -l…, -L…, -Wl,…, -s   for the linker; -lm, -lpthread, -lrt and -ldl are in the C library
  --version, --help

Files below /home can be read and written, which the host sees. It compiles C alone: no C++
and no files in assembly. Programs are static: there are no shared libraries. Kernel modules
are built by make.
`;
}
