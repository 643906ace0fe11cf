import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { parseTar } from "nanotar";
import { type GuestPack, guestPacks, packArchive } from "../guest-packs.js";
import type { Stage } from "../stage.js";
import type { Workspace } from "../workspace.js";

/** Writes the list of the packs' files: all that a lab must know of them at its start. */
export const packs: Stage = {
  name: "packs",
  title: "Index of the packs",
  needs: ["gdb", "kernel-source"],
  packages: [],
  inputs: ["build/stages/packs.ts", "build/guest-packs.ts"],
  outputs: ["i686/packs.json.gz"],
  async build(workspace) {
    const described = await Promise.all(guestPacks.map((pack) => describe(workspace, pack)));
    const index = `${JSON.stringify({ packs: described })}\n`;
    await workspace.writeOutput("i686/packs.json.gz", await workspace.gzip(Buffer.from(index)));
  },
};

/** A pack as `emulator/lab/pack-index.ts` reads it. */
async function describe(workspace: Workspace, pack: GuestPack) {
  const { sourceDate } = await workspace.kernelTree();
  const archive = await readFile(workspace.output(packArchive(pack)));
  return {
    name: pack.name,
    root: pack.root,
    archive: packArchive(pack),
    bytes: archive.length,
    modified: sourceDate,
    files: parseTar(new Uint8Array(gunzipSync(archive))).map(({ name, attrs, size }) => [
      name,
      Number.parseInt(attrs?.mode ?? "", 8),
      size,
    ]),
  };
}
