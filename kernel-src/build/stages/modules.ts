import { copyFile, cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ArchiveEntry } from "../archive/entry.js";
import { writeUstar } from "../archive/ustar.js";
import type { Stage } from "../stage.js";
import { kernelCompilerPackages, kernelMakeArguments } from "../toolchain.js";
import type { Workspace } from "../workspace.js";

/** The course's module of section 3, which is a module of the tests under other names, too. */
const COURSE_SOURCE = "course/hello-fops.c";
const COURSE_PATCH = "course/missing-unlock.patch";

/** Where the debug information says that the sources are. */
const IN_GUEST = "/home/student/modules";

/** Builds the modules that the tests load. */
export const modules: Stage = {
  name: "modules",
  title: "Test modules",
  needs: ["tree", "kernel"],
  packages: kernelCompilerPackages,
  inputs: [
    "modules",
    COURSE_SOURCE,
    COURSE_PATCH,
    "build/stages/modules.ts",
    "build/toolchain.ts",
    "build/archive",
  ],
  outputs: ["i686/modules.tar.gz"],
  async build(workspace) {
    const folder = workspace.work("modules");
    await rm(folder, { recursive: true, force: true });
    await cp(workspace.source("modules"), folder, { recursive: true });
    await renameCourseModule(workspace, folder);
    // Before the compiler leaves sources of its own there.
    const sources = (await readdir(folder)).filter((name) => /\.[ch]$/.test(name));
    const make = await kernelMakeArguments(workspace, { folder, as: IN_GUEST });
    // unknown_symbol.c is about a symbol that modpost must not find.
    await workspace.run("make", [...make, `M=${folder}`, "KBUILD_MODPOST_WARN=1", "modules"]);

    const built = (await readdir(folder)).filter((name) => name.endsWith(".ko"));
    const entries = [...built, ...sources].sort().map(
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

/** Writes pigeonhole.c: section 3's module, renamed by pigeonhole.sed. */
async function renameCourseModule(workspace: Workspace, folder: string): Promise<void> {
  const renamed = join(folder, "pigeonhole.c");
  await copyFile(workspace.source(COURSE_SOURCE), renamed);
  const patch = workspace.source(COURSE_PATCH);
  await workspace.run("patch", ["--fuzz=0", "-i", patch, "pigeonhole.c"], { cwd: folder });
  const script = join(folder, "pigeonhole.sed");
  await writeFile(
    renamed,
    await workspace.run("sed", ["-f", script, "pigeonhole.c"], { cwd: folder }),
  );
}
