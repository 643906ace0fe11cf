import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Stage } from "../stage.js";

/** Debian's copyright files of what gets into the images: a package, and where its file is. */
const copyrights: readonly (readonly [name: string, path: string])[] = [
  ["linux-source-6.1", "usr/share/doc/linux-source-6.1/copyright"],
  ["busybox", "debian/copyright"],
  ["musl-dev", "usr/share/doc/musl-dev/copyright"],
  ["seabios", "usr/share/doc/seabios/copyright"],
  ["wasi-libc", "usr/share/doc/wasi-libc/copyright"],
  ...[
    ...["gdb-minimal", "libc6", "libexpat1", "libgmp10", "libipt2", "liblzma5", "libreadline8"],
    ...["libtinfo6", "libxxhash0", "libzstd1", "zlib1g", "ncurses-base"],
    // Of libgcc-s1 and libstdc++6.
    "gcc-12-base",
  ].map((name) => [name, `usr/share/doc/${name}/copyright`] as const),
];
/** Installed, not fetched. */
const runtimeCopyright = "/usr/share/doc/libclang-rt-16-dev/copyright";

/** The texts that those files refer to; every Debian has them. */
const commonLicenses = "/usr/share/common-licenses";
const texts = ["GPL-2", "GPL-3", "LGPL-2", "LGPL-2.1", "LGPL-3", "Apache-2.0", "CC0-1.0"];

const outputs = [
  ...copyrights.map(([name]) => `licenses/${name}.copyright`),
  "licenses/libclang-rt-16-dev.copyright",
  ...texts.map((text) => `licenses/${text}.txt`),
];

/** Collects the licences of what is in the images. */
export const licenses: Stage = {
  name: "licenses",
  title: "Licences",
  needs: [],
  packages: [...copyrights.map(([name]) => name), "libclang-rt-16-dev"],
  inputs: ["build/stages/licenses.ts"],
  outputs,
  async build(workspace) {
    await rm(workspace.output("licenses"), { recursive: true, force: true });
    await mkdir(workspace.output("licenses"), { recursive: true });
    for (const [name, path] of copyrights) {
      const file = join(await workspace.unpacked(name), path);
      await workspace.writeOutput(`licenses/${name}.copyright`, await readFile(file));
    }
    await workspace.writeOutput(
      "licenses/libclang-rt-16-dev.copyright",
      await readFile(runtimeCopyright),
    );
    for (const text of texts) {
      await workspace.writeOutput(
        `licenses/${text}.txt`,
        await readFile(join(commonLicenses, text)),
      );
    }
  },
};
