import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Stage } from "../stage.js";
import { kernelFolder, kernelMakeBasics } from "../toolchain.js";

/**
 * Lays out musl and the kernel's headers for user space as clang expects a system's root. The
 * headers are of the very kernel that the programs run on.
 */
export const sysroot: Stage = {
  name: "sysroot",
  title: "C library and headers",
  needs: ["tree"],
  packages: ["musl-dev"],
  inputs: ["build/stages/sysroot.ts"],
  outputs: [],
  async build(workspace) {
    const musl = await workspace.unpacked("musl-dev");
    const linux = kernelFolder(workspace);
    const root = workspace.work("sysroot");
    await rm(root, { recursive: true, force: true });
    await mkdir(join(root, "usr"), { recursive: true });
    await workspace.run("make", [
      "-C",
      linux,
      `-j${workspace.jobs}`,
      ...kernelMakeBasics,
      "headers",
    ]);

    const include = join(root, "usr/include");
    const copy = (from: string, to: string): Promise<void> => cp(from, to, { recursive: true });
    await copy(join(musl, "usr/lib/i386-linux-musl"), join(root, "usr/lib"));
    await copy(join(musl, "usr/include/i386-linux-musl"), include);
    for (const folder of ["asm", "asm-generic", "linux", "mtd"]) {
      await copy(join(linux, "usr/include", folder), join(include, folder));
    }
  },
};
