import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Stage } from "../stage.js";

/** Takes the BIOS from Debian's package: the build for machines with 128 KiB of it. */
export const bios: Stage = {
  name: "bios",
  title: "BIOS",
  needs: [],
  packages: ["seabios"],
  inputs: ["build/stages/bios.ts"],
  outputs: ["bios/bios.bin"],
  async build(workspace) {
    const content = await workspace.unpacked("seabios");
    const image = await readFile(join(content, "usr/share/seabios/bios.bin"));
    await workspace.writeOutput("bios/bios.bin", image);
  },
};
