import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ArchiveEntry } from "../archive/entry.js";
import { writeUstar } from "../archive/ustar.js";
import type { Stage } from "../stage.js";
import { userCompilerPackages } from "../toolchain.js";
import type { Workspace } from "../workspace.js";

const OUTPUT = "x64/programs.tar.gz";
/** One C file each. The first is a PIE, so that such a program is loaded, too. */
const programs = [
  { name: "long-double", link: "-static-pie" },
  { name: "loops", link: "-static" },
  { name: "signals", link: "-static" },
] as const;

/** Packs static programs for x86-64: Debian's busybox, and our own with musl. */
export const x64Programs: Stage = {
  name: "x64-programs",
  title: "Programs for the x86-64 engine's tests",
  needs: ["tree"],
  packages: ["busybox-static", "musl-dev:amd64", ...userCompilerPackages],
  inputs: ["x64", "build/stages/x64-programs.ts", "build/toolchain.ts", "build/archive"],
  outputs: [OUTPUT],
  async build(workspace) {
    const folder = workspace.work("x64-programs");
    await rm(folder, { recursive: true, force: true });
    const root = await sysroot(workspace, join(folder, "sysroot"));
    const busybox = join(await workspace.unpacked("busybox-static"), "bin/busybox");
    const entries = [entry("busybox", await readFile(busybox))];
    for (const { name, link } of programs) {
      const program = join(folder, name);
      await workspace.run("clang-16", [
        ...["--target=x86_64-linux-musl", `--sysroot=${root}`, "-rtlib=compiler-rt"],
        ...["--unwindlib=none", "-fuse-ld=lld", link, "-O2", "-Wall", "-Wextra"],
        ...["-Wl,--strip-all", "-o", program, workspace.source("x64", `${name}.c`)],
      ]);
      entries.push(entry(name, await readFile(program)));
    }
    const { sourceDate } = await workspace.kernelTree();
    await workspace.writeOutput(OUTPUT, await workspace.gzip(writeUstar(entries, sourceDate)));
  },
};

/** Lays out musl as clang expects a system's root. */
async function sysroot(workspace: Workspace, root: string): Promise<string> {
  const musl = await workspace.unpacked("musl-dev:amd64");
  await mkdir(join(root, "usr"), { recursive: true });
  for (const [from, to] of [
    ["usr/lib/x86_64-linux-musl", "usr/lib"],
    ["usr/include/x86_64-linux-musl", "usr/include"],
  ] as const) {
    await cp(join(musl, from), join(root, to), { recursive: true });
  }
  return root;
}

function entry(path: string, data: Uint8Array): ArchiveEntry {
  return { kind: "file", path, mode: 0o755, uid: 0, gid: 0, data };
}
