import { copyFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { kernelFacts } from "../facts/kernel-facts.js";
import type { Stage } from "../stage.js";
import { kernelCompilerPackages, kernelFolder, kernelMakeArguments } from "../toolchain.js";

/** Builds the kernel and says where things are in it. */
export const kernel: Stage = {
  name: "kernel",
  title: "Kernel",
  needs: ["tree"],
  packages: kernelCompilerPackages,
  inputs: ["build/stages/kernel.ts", "build/toolchain.ts", "build/facts"],
  outputs: ["i686/vmlinuz", "i686/kernel.json", "i686/kallsyms.gz"],
  async build(workspace) {
    const folder = kernelFolder(workspace);
    const make = await kernelMakeArguments(workspace);
    await workspace.run("make", [...make, "bzImage", "modules"]);

    await mkdir(workspace.output("i686"), { recursive: true });
    const image = join(folder, "arch/x86/boot/bzImage");
    await copyFile(image, workspace.output("i686/vmlinuz"));
    const facts = kernelFacts(await readFile(join(folder, "vmlinux")), "i686");
    await workspace.writeOutput("i686/kernel.json", `${JSON.stringify(facts)}\n`);
    const symbols = await readFile(join(folder, "System.map"));
    await workspace.writeOutput("i686/kallsyms.gz", await workspace.gzip(symbols));
  },
};
