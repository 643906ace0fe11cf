import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeKernelIndex } from "../debug-info/kernel-index.js";
import { sampleCodeAddresses } from "../debug-info/kernel-places.js";
import type { Stage } from "../stage.js";
import { kernelCompilerPackages, kernelFolder } from "../toolchain.js";

/** Enough to meet each kind of code some times, few enough for a small file. */
const SAMPLE_SIZE = 1800;
const SAMPLE_SEED = 0x6b73_7061;

/**
 * Makes the index of the kernel's debug information, and has LLVM's own tool look up a sample
 * of addresses, which the tests compare the index with.
 */
export const kernelIndex: Stage = {
  name: "kernel-index",
  title: "Index of the kernel's debug information",
  needs: ["kernel"],
  packages: kernelCompilerPackages,
  inputs: ["build/stages/kernel-index.ts", "build/debug-info", "../emulator/debuginfo"],
  outputs: ["i686/kernel.gsym.gz", "i686/kernel-places.txt.gz"],
  async build(workspace) {
    const file = join(kernelFolder(workspace), "vmlinux");
    const vmlinux = await readFile(file);
    const index = await workspace.gzip(makeKernelIndex(vmlinux));
    await workspace.writeOutput("i686/kernel.gsym.gz", index);

    const addresses = sampleCodeAddresses(vmlinux, SAMPLE_SIZE, SAMPLE_SEED).map(
      (address) => `0x${address.toString(16)}\n`,
    );
    const places = await workspace.run(
      "llvm-symbolizer-16",
      [`--obj=${file}`, "--inlines", "--addresses"],
      { input: addresses.join("") },
    );
    await workspace.writeOutput("i686/kernel-places.txt.gz", await workspace.gzip(places));
  },
};
