import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ArchiveEntry } from "../archive/entry.js";
import { writeUstar } from "../archive/ustar.js";
import type { Stage } from "../stage.js";
import {
  compileProgram,
  kernelCompilerPackages,
  kernelMakeArguments,
  userCompilerPackages,
} from "../toolchain.js";
import type { Workspace } from "../workspace.js";

/** The student's home in the guest, and who owns what is in it. */
const home = "home/student";
const student = { uid: 1000, gid: 1000 };

interface Section {
  readonly folder: string;
  /** What hello.c is a copy of. */
  readonly source: string;
  /** What the section changes in it. */
  readonly patch?: string;
  readonly hasTest: boolean;
}

/** One folder for each section of the course, so that one can tell which hello.ko is loaded. */
const sections: readonly Section[] = [
  { folder: "1-load", source: "hello-kmalloc.c", hasTest: false },
  { folder: "2-fops", source: "hello-fops.c", hasTest: true },
  { folder: "3-locking", source: "hello-fops.c", patch: "missing-unlock.patch", hasTest: true },
  { folder: "4-debugging", source: "hello-fops.c", patch: "missing-kmalloc.patch", hasTest: true },
];

/** Builds the course's modules and its test program, and packs the student's home. */
export const course: Stage = {
  name: "course",
  title: "Course",
  needs: ["tree", "kernel", "sysroot"],
  packages: [...new Set([...kernelCompilerPackages, ...userCompilerPackages])],
  inputs: ["course", "build/stages/course.ts", "build/toolchain.ts", "build/archive"],
  outputs: ["i686/course.tar.gz"],
  async build(workspace) {
    await rm(workspace.work("course"), { recursive: true, force: true });
    const entries: ArchiveEntry[] = ["home", home].map(directory);
    for (const section of sections) entries.push(...(await buildSection(workspace, section)));
    const { sourceDate } = await workspace.kernelTree();
    const archive = writeUstar(entries, sourceDate);
    await workspace.writeOutput("i686/course.tar.gz", await workspace.gzip(archive));
  },
};

async function buildSection(workspace: Workspace, section: Section): Promise<ArchiveEntry[]> {
  const { source, patch, hasTest } = section;
  const folder = workspace.work("course", section.folder);
  const inGuest = `${home}/${section.folder}`;
  const mapped = { folder, as: `/${inGuest}` };
  await mkdir(folder, { recursive: true });
  const kept = ["Makefile", "hello.c", "hello.ko"];
  const take = async (name: string, as: string = name): Promise<void> => {
    await copyFile(workspace.source("course", name), join(folder, as));
    if (!kept.includes(as)) kept.push(as);
  };
  await take("Makefile");
  await take(source, "hello.c");
  if (patch === undefined) {
    await take(source);
  } else {
    await take(patch);
    await workspace.run("patch", ["-p1", "--fuzz=0", "-i", patch], { cwd: folder });
  }
  const make = await kernelMakeArguments(workspace, mapped);
  await workspace.run("make", [...make, `M=${folder}`, "modules"]);
  if (hasTest) {
    await take("hello-test.c");
    await compileProgram(workspace, ["hello-test.c"], "a.out", mapped, ["-g"]);
    kept.push("a.out");
  }
  const files = kept.map(async (name): Promise<ArchiveEntry> => {
    const data = await readFile(join(folder, name));
    const mode = name === "a.out" ? 0o755 : 0o644;
    return { kind: "file", path: `${inGuest}/${name}`, mode, data, ...student };
  });
  return [directory(inGuest), ...(await Promise.all(files))];
}

function directory(path: string): ArchiveEntry {
  const owner = path === "home" ? { uid: 0, gid: 0 } : student;
  return { kind: "directory", path, mode: 0o755, ...owner };
}
