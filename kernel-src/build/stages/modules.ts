import { cp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ArchiveEntry } from "../archive/entry.js";
import { writeUstar } from "../archive/ustar.js";
import type { Stage } from "../stage.js";
import { kernelCompilerPackages, kernelMakeArguments } from "../toolchain.js";

/** Builds the modules that the tests load. */
export const modules: Stage = {
  name: "modules",
  title: "Test modules",
  needs: ["tree", "kernel"],
  packages: kernelCompilerPackages,
  inputs: ["modules", "build/stages/modules.ts", "build/toolchain.ts", "build/archive"],
  outputs: ["i686/modules.tar.gz"],
  async build(workspace) {
    const folder = workspace.work("modules");
    await rm(folder, { recursive: true, force: true });
    await cp(workspace.source("modules"), folder, { recursive: true });
    const make = await kernelMakeArguments(workspace, { folder, as: "/home/student/modules" });
    // unknown_symbol.c is about a symbol that modpost must not find.
    await workspace.run("make", [...make, `M=${folder}`, "KBUILD_MODPOST_WARN=1", "modules"]);

    const names = (await readdir(folder)).filter((name) => name.endsWith(".ko"));
    const entries = names.map(
      async (name): Promise<ArchiveEntry> => ({
        kind: "file",
        path: name,
        mode: 0o644,
        uid: 1000,
        gid: 1000,
        data: await readFile(join(folder, name)),
      }),
    );
    const { sourceDate } = await workspace.kernelTree();
    const archive = writeUstar(await Promise.all(entries), sourceDate);
    await workspace.writeOutput("i686/modules.tar.gz", await workspace.gzip(archive));
  },
};
