import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Elf32 } from "../facts/elf32.js";
import type { Stage } from "../stage.js";
import { kernelFolder } from "../toolchain.js";

/**
 * Takes out of the kernel how its frames are unwound (DWARF 5, 6.4), for the `vmlinux` that
 * `kspace gdb` makes. Frame pointers alone are not enough for gdb: where the compiler has put
 * an early way out in front of `push %ebp`, it takes a function for one without a frame.
 */
export const kernelFrames: Stage = {
  name: "kernel-frames",
  title: "How the kernel's frames are unwound",
  needs: ["kernel"],
  packages: [],
  inputs: ["build/stages/kernel-frames.ts", "build/facts/elf32.ts"],
  outputs: ["i686/kernel.frames.gz"],
  async build(workspace) {
    const vmlinux = new Elf32(await readFile(join(kernelFolder(workspace), "vmlinux")));
    const frames = await workspace.gzip(vmlinux.section(".debug_frame"));
    await workspace.writeOutput("i686/kernel.frames.gz", frames);
  },
};
