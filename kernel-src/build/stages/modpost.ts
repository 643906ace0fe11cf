import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Stage } from "../stage.js";
import { kernelFolder } from "../toolchain.js";
import { compileForWasi, wasiPackages, wasiSysroot } from "../wasi-sysroot.js";

/**
 * Builds the kernel's own check of modules, for the compiler beside the guest: it finds what the
 * kernel does not export, and writes the part of a module that says what the module is.
 */
export const modpost: Stage = {
  name: "modpost",
  title: "Kernel's check of modules",
  // The kernel's build generates headers that say for which kernel it is.
  needs: ["tree", "kernel"],
  packages: [...wasiPackages, "musl-dev", "clang-16", "lld-16"],
  inputs: ["build/stages/modpost.ts", "build/wasi-sysroot.ts"],
  outputs: ["i686/modpost.wasm.gz"],
  async build(workspace) {
    const folder = workspace.work("modpost");
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const sysroot = await wasiSysroot(workspace, join(folder, "sysroot"), wasiPackages);
    // The one header that WASI's C library lacks; of the same origin.
    const musl = join(await workspace.unpacked("musl-dev"), "usr/include/i386-linux-musl");
    await copyFile(join(musl, "elf.h"), join(sysroot, "usr/include/wasm32-wasi/elf.h"));
    const scripts = join(kernelFolder(workspace), "scripts/mod");
    const program = join(folder, "modpost.wasm");
    await compileForWasi(
      workspace,
      ["modpost.c", "file2alias.c", "sumversion.c"].map((name) => join(scripts, name)),
      program,
      sysroot,
      [`-I${scripts}`, `-ffile-prefix-map=${scripts}=.`, "-w"],
    );
    const bytes = await workspace.gzip(await readFile(program));
    await workspace.writeOutput("i686/modpost.wasm.gz", bytes);
  },
};
