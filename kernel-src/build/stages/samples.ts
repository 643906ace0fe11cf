import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ArchiveEntry } from "../archive/entry.js";
import { writeUstar } from "../archive/ustar.js";
import type { Stage } from "../stage.js";
import { kernelCompilerPackages, kernelFolder, kernelMakeArguments } from "../toolchain.js";

/**
 * Folders of the kernel's `samples/` whose modules its configuration allows, and what turns each on
 * (samples/Kconfig). `emulator/toolchain/test-support/kernel-samples.ts` says of all folders why or why not.
 */
const samplesOf = new Map([
  ["hw_breakpoint", "CONFIG_SAMPLE_HW_BREAKPOINT"],
  ["kfifo", "CONFIG_SAMPLE_KFIFO"],
  ["kobject", "CONFIG_SAMPLE_KOBJECT"],
]);

/** Where the debug information says that the sources are. */
const IN_GUEST = "/home/student/samples";

/** Builds the kernel's own sample modules, which the tests build once more in WebAssembly. */
export const samples: Stage = {
  name: "samples",
  title: "The kernel's sample modules",
  needs: ["tree", "kernel"],
  packages: kernelCompilerPackages,
  inputs: ["build/stages/samples.ts", "build/toolchain.ts", "build/archive"],
  outputs: ["i686/samples.tar.gz"],
  async build(workspace) {
    const folder = workspace.work("samples");
    await rm(folder, { recursive: true, force: true });
    const names = [...samplesOf.keys()];
    for (const name of names) {
      const from = join(kernelFolder(workspace), "samples", name);
      await cp(from, join(folder, name), { recursive: true });
    }
    await writeFile(
      join(folder, "Kbuild"),
      `obj-m := ${names.map((name) => `${name}/`).join(" ")}\n`,
    );
    // Before the compiler leaves sources of its own there.
    const sources = await filesIn(folder, /\.[ch]$/);
    const make = await kernelMakeArguments(workspace, { folder, as: IN_GUEST });
    const switches = [...samplesOf.values()].map((name) => `${name}=m`);
    await workspace.run("make", [...make, `M=${folder}`, ...switches, "modules"]);

    const entries = [...(await filesIn(folder, /\.ko$/)), ...sources].sort().map(
      async (path): Promise<ArchiveEntry> => ({
        kind: "file",
        path,
        mode: 0o644,
        uid: 1000,
        gid: 1000,
        data: await readFile(join(folder, path)),
      }),
    );
    const { sourceDate } = await workspace.kernelTree();
    const archive = writeUstar(await Promise.all(entries), sourceDate);
    await workspace.writeOutput("i686/samples.tar.gz", await workspace.gzip(archive));
  },
};

async function filesIn(folder: string, pattern: RegExp): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => pattern.test(name));
}
