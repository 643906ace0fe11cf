import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Elf32 } from "../facts/elf32.js";
import type { Stage } from "../stage.js";
import { kernelFolder } from "../toolchain.js";

/**
 * Takes the kernel's type information out of it, whole: pahole has removed what is there twice
 * already.
 */
export const kernelBtf: Stage = {
  name: "kernel-btf",
  title: "The kernel's type information",
  needs: ["kernel"],
  packages: [],
  inputs: ["build/stages/kernel-btf.ts", "build/facts/elf32.ts"],
  outputs: ["i686/kernel.btf.gz"],
  async build(workspace) {
    const vmlinux = new Elf32(await readFile(join(kernelFolder(workspace), "vmlinux")));
    const types = await workspace.gzip(vmlinux.section(".BTF"));
    await workspace.writeOutput("i686/kernel.btf.gz", types);
  },
};
