import { access, readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { BuildError } from "../errors.js";
import { kernelSourcePack, packArchive, packFile, writePack } from "../guest-packs.js";
import type { Stage } from "../stage.js";
import { kernelFolder, kernelSourceName } from "../toolchain.js";
import type { Workspace } from "../workspace.js";

/**
 * Parts of the kernel whose functions stand in the traces of the course's and the tests' modules:
 * system calls on their way to a driver, what a driver calls, and what notices its mistakes.
 */
const met = [
  // The way in.
  ...["arch/x86/entry/common", "arch/x86/entry/entry_32", "fs/open", "fs/read_write"],
  ...["fs/char_dev", "drivers/char/misc", "kernel/module/main", "init/main"],
  // What modules use.
  ...["arch/x86/lib/usercopy_32", "arch/x86/lib/getuser", "arch/x86/lib/putuser", "lib/usercopy"],
  ...["lib/iov_iter", "mm/slub", "mm/slab_common", "kernel/locking/spinlock"],
  ...["kernel/locking/qspinlock", "kernel/locking/mutex", "kernel/kthread", "kernel/workqueue"],
  ...["kernel/softirq", "kernel/sched/core", "kernel/reboot", "kernel/exit"],
  // What complains.
  ...["mm/usercopy", "lib/list_debug", "lib/bug", "arch/x86/mm/fault", "arch/x86/kernel/traps"],
  ...["arch/x86/kernel/dumpstack", "kernel/panic", "kernel/watchdog", "kernel/hung_task"],
  ...["kernel/rcu/tree", "kernel/time/tick-sched", "arch/x86/kernel/apic/apic"],
];

/** Packs the kernel's sources that the debug information of the modules leads to, and those above. */
export const kernelSource: Stage = {
  name: "kernel-source",
  title: "Kernel sources for debuggers",
  needs: ["tree", "kernel", "course", "modules"],
  packages: ["llvm-16"],
  inputs: ["build/stages/kernel-source.ts", "build/guest-packs.ts", "build/archive"],
  outputs: [packArchive(kernelSourcePack)],
  async build(workspace) {
    const linux = kernelFolder(workspace);
    const objects = [
      ...(await modulesBelow(workspace.work("course"))),
      ...(await modulesBelow(workspace.work("modules"))),
      ...met.map((name) => join(linux, `${name}.o`)),
    ];
    const paths = new Set<string>();
    for (const object of objects) {
      for (const path of await kernelSources(workspace, object)) paths.add(path);
    }
    const files = [...paths].map(async (path) =>
      packFile(path, 0o644, await readFile(join(linux, path))),
    );
    await writePack(workspace, kernelSourcePack, await Promise.all(files));
  },
};

async function modulesBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith(".ko")).map((name) => join(folder, name));
}

/** Paths in the kernel's tree of the files that an object's debug information names. */
async function kernelSources(workspace: Workspace, object: string): Promise<string[]> {
  await access(object).catch((cause: unknown) => {
    throw new BuildError("bad-source", `The kernel was built without ${object}.`, { cause });
  });
  const output = await workspace.run("llvm-dwarfdump-16", ["--show-sources", object]);
  return output.toString().split("\n").flatMap(pathInKernel);
}

/** What the line of a listing names in the kernel's tree, if anything. */
export function pathInKernel(line: string): string[] {
  const path = posix.normalize(line.trim());
  return path.startsWith(`${kernelSourceName}/`) ? [path.slice(kernelSourceName.length + 1)] : [];
}
