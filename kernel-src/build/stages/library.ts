import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ArchiveEntry, sortEntries } from "../archive/entry.js";
import { compilerFile, writeCompilerPacks } from "../compiler-packs.js";
import { filesBelow, type Stage } from "../stage.js";
import { userCompiler, userCompilerPackages } from "../toolchain.js";

/** Where the compiler beside the guest has the C library: the FHS has it for foreign architectures. */
const guestSysroot = "/usr/i686-linux-musl";
/** Where Debian's clang-16 has its own headers and its runtime. */
const clangFolder = "/usr/lib/llvm-16/lib/clang/16";

/** Of clang's headers, those of ISO C (C11, 4: what a freestanding implementation has, and atomics). */
const clangHeaders = [
  ...["float", "iso646", "limits", "stdalign", "stdarg", "stdatomic", "stdbool", "stddef"],
  ...["stdint", "stdnoreturn", "__stddef_max_align_t", "cpuid"],
].map((name) => `include/${name}.h`);
const clangRuntime = ["builtins-i386.a", "crtbegin-i386.o", "crtend-i386.o"];

const archive = (name: string): string => `i686/library/${name}.tar.gz`;

/** Packs what a program of the guest is compiled with and linked to. */
export const library: Stage = {
  name: "library",
  title: "C library for the compiler",
  needs: ["sysroot"],
  packages: [...userCompilerPackages, "musl-dev"],
  inputs: [
    "build/stages/library.ts",
    "build/compiler-packs.ts",
    "build/toolchain.ts",
    "build/archive",
  ],
  outputs: ["i686/cc.json", "i686/library.json.gz", archive("libc"), archive("uapi")],
  async build(workspace) {
    const sysroot = workspace.work("sysroot");
    const [, ...options] = userCompiler(workspace);
    const recorded = {
      options: [
        // A program that is only compiled, or only linked, does not take all of them.
        "--start-no-unused-arguments",
        ...options.map((option) => option.replaceAll(sysroot, guestSysroot)),
        // The guest has no loader of shared objects.
        "-static",
        // Debian's clang is built to ask for it, the compiler beside the guest is not.
        "-Wl,--build-id",
        "--end-no-unused-arguments",
      ],
    };
    await workspace.writeOutput("i686/cc.json", `${JSON.stringify(recorded)}\n`);

    const libc: ArchiveEntry[] = [];
    const uapi: ArchiveEntry[] = [];
    for await (const path of filesBelow(sysroot, "usr")) {
      // The kernel's own headers are rare in programs, and more than all others.
      const pack = /^usr\/include\/(asm|asm-generic|linux|mtd)\//.test(path) ? uapi : libc;
      pack.push(await entry(join(sysroot, path), `${guestSysroot}/${path}`));
    }
    for (const path of clangHeaders) {
      libc.push(await entry(join(clangFolder, path), join(clangFolder, path)));
    }
    for (const name of clangRuntime) {
      const file = name.endsWith(".a")
        ? `lib/linux/libclang_rt.${name}`
        : `lib/linux/clang_rt.${name}`;
      libc.push(await entry(join(clangFolder, file), join(clangFolder, file)));
    }
    await writeCompilerPacks(workspace, "i686/library.json.gz", [
      { name: "libc", archive: archive("libc"), files: sortEntries(libc) },
      { name: "uapi", archive: archive("uapi"), files: sortEntries(uapi) },
    ]);
  },
};

async function entry(file: string, path: string): Promise<ArchiveEntry> {
  return compilerFile(path.slice(1), await readFile(file));
}
