import { appendFile, copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { checkConfig, parseConfig } from "../config-check.js";
import { BuildError } from "../errors.js";
import type { Stage } from "../stage.js";
import { kernelFolder, kernelMakeBasics } from "../toolchain.js";
import type { KernelTree, Workspace } from "../workspace.js";

const fragment = "linux/i686.config";
const driver = "linux/kspace_console.c";

/** Unpacks Debian's kernel source, adds our driver, and configures it. */
export const tree: Stage = {
  name: "tree",
  title: "Kernel source and configuration",
  needs: [],
  packages: ["linux-source-6.1", "clang-16", "lld-16", "llvm-16", "pahole"],
  inputs: [fragment, driver, "build/stages/tree.ts"],
  outputs: [],
  async build(workspace) {
    const content = await workspace.unpacked("linux-source-6.1");
    const folder = kernelFolder(workspace);
    const unpacking = workspace.work("linux.part");
    await rm(folder, { recursive: true, force: true });
    await rm(unpacking, { recursive: true, force: true });
    await mkdir(unpacking, { recursive: true });
    const archive = join(content, "usr/src/linux-source-6.1.tar.xz");
    await workspace.run("tar", ["-xf", archive, "-C", unpacking, "--strip-components=1"]);
    await rename(unpacking, folder);

    const drivers = join(folder, "drivers/tty/serial");
    await copyFile(workspace.source(driver), join(drivers, "kspace_console.c"));
    await appendFile(join(drivers, "Makefile"), "\nobj-y += kspace_console.o\n");

    const make = ["-C", folder, ...kernelMakeBasics];
    await workspace.run("make", [...make, "tinyconfig"]);
    await workspace.run(
      "scripts/kconfig/merge_config.sh",
      ["-m", ".config", workspace.source(fragment)],
      { cwd: folder },
    );
    await workspace.run("make", [...make, "olddefconfig"]);
    checkConfig(
      `kernel-src/${fragment}`,
      await readFile(workspace.source(fragment), "utf8"),
      await readFile(join(folder, ".config"), "utf8"),
    );
    const facts: KernelTree = {
      release: await kernelRelease(workspace, make, join(folder, ".config")),
      sourceDate: changelogDate(
        gunzipSync(
          await readFile(join(content, "usr/share/doc/linux-source-6.1/changelog.Debian.gz")),
        ).toString(),
      ),
    };
    await writeFile(workspace.work("kernel-tree.json"), JSON.stringify(facts));
  },
};

/** `make kernelrelease` only works after a build. */
async function kernelRelease(
  workspace: Workspace,
  make: readonly string[],
  config: string,
): Promise<string> {
  const version = await workspace.run("make", [
    "-s",
    "--no-print-directory",
    ...make,
    "kernelversion",
  ]);
  const local = parseConfig(await readFile(config, "utf8")).get("CONFIG_LOCALVERSION") ?? "";
  return version.toString().trim() + local.replaceAll('"', "");
}

/**
 * When the newest version of a Debian changelog was made, seconds since 1970.
 *
 * @throws BuildError `bad-source` if the text is no changelog
 */
export function changelogDate(changelog: string): number {
  const date = /^ -- .*> {2}(.*)$/m.exec(changelog)?.[1] ?? "";
  const milliseconds = Date.parse(date);
  if (Number.isNaN(milliseconds)) {
    throw new BuildError("bad-source", "The kernel source's changelog has no date.");
  }
  return milliseconds / 1000;
}
