import type { ArchiveEntry } from "./archive/entry.js";
import { writeUstar } from "./archive/ustar.js";
import { kernelSourceName } from "./toolchain.js";
import type { Workspace } from "./workspace.js";

/**
 * Files that the guest has without having them: it sees them in its tree, and the host fetches
 * them when one is first opened, all of a pack at once.
 */
export interface GuestPack {
  /** Also of its folder in the guest, below `packsFolder`. */
  readonly name: string;
  /** The folder in the guest that its files are written for: what is at `/` there is at `/` here. */
  readonly root: string;
  /** Names in the guest's own file system, and what each is a link to in the pack's folder. */
  readonly links: Readonly<Record<string, string>>;
}

/** Where the guest's init puts the packs; the FHS has it for software that comes as a package. */
export const packsFolder = "/opt";

export const gdbPack: GuestPack = {
  name: "gdb",
  root: "/",
  links: {
    "etc/gdb": "etc/gdb",
    "lib/ld-linux.so.2": "lib/ld-linux.so.2",
    "lib/terminfo": "lib/terminfo",
    "usr/bin/gdb": "usr/bin/gdb",
    // One folder by both its names, as on a system with a merged /usr.
    "lib/i386-linux-gnu": "usr/lib/i386-linux-gnu",
    "usr/lib/i386-linux-gnu": "usr/lib/i386-linux-gnu",
  },
};

export const kernelSourcePack: GuestPack = {
  name: "linux-source",
  root: kernelSourceName,
  links: { [kernelSourceName.slice(1)]: "" },
};

export const guestPacks: readonly GuestPack[] = [gdbPack, kernelSourcePack];

/** The image with a pack's files. */
export function packArchive({ name }: GuestPack): string {
  return `i686/packs/${name}.tar.gz`;
}

/** A file of a pack, all of which belong to root. */
export function packFile(path: string, mode: number, data: Uint8Array): ArchiveEntry {
  return { kind: "file", path, mode, uid: 0, gid: 0, data };
}

/** Writes a pack's image. */
export async function writePack(
  workspace: Workspace,
  pack: GuestPack,
  files: readonly ArchiveEntry[],
): Promise<void> {
  const { sourceDate } = await workspace.kernelTree();
  const archive = writeUstar(files, sourceDate);
  await workspace.writeOutput(packArchive(pack), await workspace.gzip(archive));
}
