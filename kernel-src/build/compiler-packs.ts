import type { ArchiveEntry } from "./archive/entry.js";
import { writeUstar } from "./archive/ustar.js";
import type { Workspace } from "./workspace.js";

/** Files for the compiler beside the guest, which are fetched when one of them is first wanted. */
export interface CompilerPack {
  readonly name: string;
  /** The image with its files. */
  readonly archive: string;
  /** In the order in which the list has them. */
  readonly files: readonly ArchiveEntry[];
}

/** A file of a pack, which anybody may read. */
export function compilerFile(path: string, data: Uint8Array): ArchiveEntry {
  return { kind: "file", path, mode: 0o644, uid: 0, gid: 0, data };
}

/**
 * Writes the images of some packs, and their list as `emulator/toolchain/file-packs.ts` reads it.
 *
 * @param list the image for the list
 */
export async function writeCompilerPacks(
  workspace: Workspace,
  list: string,
  packs: readonly CompilerPack[],
): Promise<void> {
  const { sourceDate } = await workspace.kernelTree();
  const described = [];
  for (const { name, archive, files } of packs) {
    const image = await workspace.gzip(writeUstar(files, sourceDate));
    await workspace.writeOutput(archive, image);
    described.push({ name, archive, bytes: image.length, files: files.map(({ path }) => path) });
  }
  const text = `${JSON.stringify({ packs: described })}\n`;
  await workspace.writeOutput(list, await workspace.gzip(Buffer.from(text)));
}
