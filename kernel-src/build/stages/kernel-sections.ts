import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Elf32 } from "../facts/elf32.js";
import type { Stage } from "../stage.js";
import { kernelFolder } from "../toolchain.js";

/**
 * Takes the kernel's type information out of it, whole: pahole has removed what is there twice
 * already.
 */
export const kernelBtf = sectionStage({
  name: "kernel-btf",
  title: "The kernel's type information",
  section: ".BTF",
  output: "i686/kernel.btf.gz",
});

/**
 * Takes out of the kernel how its frames are unwound (DWARF 5, 6.4), for the `vmlinux` that
 * `kspace gdb` makes. Frame pointers alone are not enough for gdb: where the compiler has put
 * an early way out in front of `push %ebp`, it takes a function for one without a frame.
 */
export const kernelFrames = sectionStage({
  name: "kernel-frames",
  title: "How the kernel's frames are unwound",
  section: ".debug_frame",
  output: "i686/kernel.frames.gz",
});

function sectionStage(parts: {
  readonly name: string;
  readonly title: string;
  readonly section: string;
  readonly output: string;
}): Stage {
  const { name, title, section, output } = parts;
  return {
    name,
    title,
    needs: ["kernel"],
    packages: [],
    inputs: ["build/stages/kernel-sections.ts", "build/facts/elf32.ts"],
    outputs: [output],
    async build(workspace) {
      const vmlinux = new Elf32(await readFile(join(kernelFolder(workspace), "vmlinux")));
      await workspace.writeOutput(output, await workspace.gzip(vmlinux.section(section)));
    },
  };
}
