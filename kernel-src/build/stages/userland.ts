import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeNewc } from "../archive/newc.js";
import { checkConfig, mergeConfig } from "../config-check.js";
import { rootFileSystem } from "../root-file-system.js";
import type { Stage } from "../stage.js";
import { compileProgram, userCompiler, userCompilerPackages } from "../toolchain.js";
import type { Workspace } from "../workspace.js";

const fragment = "userland/busybox.config";
const patches = "userland/busybox-patches";

/** Builds busybox and our own programs, and packs the root file system. */
export const userland: Stage = {
  name: "userland",
  title: "Root file system",
  needs: ["tree", "sysroot"],
  packages: ["busybox", ...userCompilerPackages],
  inputs: [
    "userland",
    "init",
    "sudo",
    "agent",
    "rootfs",
    "build/stages/userland.ts",
    "build/root-file-system.ts",
    "build/guest-packs.ts",
    "build/toolchain.ts",
    "build/archive",
  ],
  outputs: ["i686/initramfs.cpio.gz"],
  async build(workspace) {
    const folder = workspace.work("userland");
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const { release, sourceDate } = await workspace.kernelTree();
    const busybox = await buildBusybox(workspace, join(folder, "busybox"));
    const entries = await rootFileSystem({
      release,
      busybox: busybox.program,
      applets: busybox.applets,
      init: await buildProgram(workspace, "init", folder),
      sudo: await buildProgram(workspace, "sudo", folder),
      agent: await buildProgram(workspace, "agent", folder),
      overlay: workspace.source("rootfs"),
    });
    const archive = writeNewc(entries, sourceDate);
    await workspace.writeOutput("i686/initramfs.cpio.gz", await workspace.gzip(archive));
  },
};

async function buildBusybox(
  workspace: Workspace,
  folder: string,
): Promise<{ program: Buffer; applets: string[] }> {
  await cp(await workspace.unpacked("busybox"), folder, { recursive: true });
  for (const name of (await readdir(workspace.source(patches))).sort()) {
    const patch = workspace.source(patches, name);
    await workspace.run("patch", ["-p1", "--fuzz=0", "-i", patch], { cwd: folder });
  }
  const compiler = userCompiler(workspace);
  const { sourceDate } = await workspace.kernelTree();
  const make = [
    `-j${workspace.jobs}`,
    // busybox names a calling convention for i386 that clang has no use for in some places.
    `CC=${[...compiler, "-Wno-ignored-attributes", `-ffile-prefix-map=${folder}=.`].join(" ")}`,
    "HOSTCC=clang-16",
    "LD=ld.lld-16 -m elf_i386",
    ...["AR", "NM", "STRIP", "OBJCOPY", "OBJDUMP"].map(
      (tool) => `${tool}=llvm-${tool.toLowerCase()}-16`,
    ),
    "SKIP_STRIP=y",
  ];
  const env = { KCONFIG_NOTIMESTAMP: "1", SOURCE_DATE_EPOCH: `${sourceDate}` };
  const options = { cwd: folder, env };
  await workspace.run("make", [...make, "allnoconfig"], options);
  const wanted = await readFile(workspace.source(fragment), "utf8");
  const config = join(folder, ".config");
  await writeFile(config, mergeConfig(await readFile(config, "utf8"), wanted));
  // An empty answer to each question is its default.
  await workspace.run("make", [...make, "oldconfig"], { ...options, input: "\n".repeat(1000) });
  checkConfig(`kernel-src/${fragment}`, wanted, await readFile(config, "utf8"));
  await workspace.run("make", [...make, "busybox", "busybox.links"], options);
  await workspace.run("llvm-strip-16", ["busybox"], { cwd: folder });
  const links = await readFile(join(folder, "busybox.links"), "utf8");
  return {
    program: await readFile(join(folder, "busybox")),
    applets: links.trim().split("\n"),
  };
}

/** Compiles the C files of a folder of `kernel-src/` to one stripped program. */
async function buildProgram(workspace: Workspace, name: string, folder: string): Promise<Buffer> {
  const source = workspace.source(name);
  const files = (await readdir(source)).filter((file) => file.endsWith(".c")).sort();
  const program = join(folder, `${name}.bin`);
  const flags = ["-Wl,--strip-all"];
  await compileProgram(workspace, files, program, { folder: source, as: "." }, flags);
  return readFile(program);
}
