import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ArchiveEntry } from "./archive/entry.js";
import { guestPacks, packsFolder } from "./guest-packs.js";
import { filesBelow } from "./stage.js";

export interface RootFileSystemParts {
  /** The kernel's release, for the greeting and for the folder of its modules. */
  readonly release: string;
  readonly busybox: Uint8Array;
  /** Absolute paths of busybox's programs, each to be a link to it. */
  readonly applets: readonly string[];
  readonly init: Uint8Array;
  readonly sudo: Uint8Array;
  readonly agent: Uint8Array;
  /** A folder whose files are put into the root as they are, but for `@RELEASE@`. */
  readonly overlay: string;
}

const root = { uid: 0, gid: 0 };

/** Commands that the host carries out: it has the compiler. */
const hostCommands = ["make", "gcc", "cc", "clang"];

const folders = [
  ...["bin", "dev", "etc", "home", "lib", "mnt", "opt", "proc", "run", "sbin", "sys", "usr", "var"],
  ...["lib/modules", "usr/bin", "usr/lib", "usr/sbin", "usr/src"],
  ...["usr/local", "usr/local/bin", "usr/local/sbin"],
];

/** Everything that is in the guest's root file system. */
export async function rootFileSystem(parts: RootFileSystemParts): Promise<ArchiveEntry[]> {
  const modules = `lib/modules/${parts.release}`;
  const entries: ArchiveEntry[] = [
    ...[...folders, modules].map((path) => directory(path, 0o755)),
    directory("root", 0o700),
    directory("tmp", 0o1777),
    { kind: "directory", path: "home/student", mode: 0o755, uid: 1000, gid: 1000 },
    // The kernel opens it for init, before anybody could mount a devtmpfs.
    { kind: "character-device", path: "dev/console", mode: 0o600, major: 5, minor: 1, ...root },
    program("init", parts.init),
    symlink("sbin/init", "/init"),
    program("sbin/kspace-agent", parts.agent),
    // Called by other names it asks the running agent to pass a request on to the host.
    symlink("bin/kspace-call", "/sbin/kspace-agent"),
    ...hostCommands.map((name) => symlink(`usr/bin/${name}`, "/sbin/kspace-agent")),
    program("usr/bin/sudo", parts.sudo, 0o4755),
    program("bin/busybox", parts.busybox),
    ...parts.applets.map((applet) => symlink(applet.replace(/^\//, ""), "/bin/busybox")),
    ...guestPacks.flatMap(({ name, links }) =>
      Object.entries(links).map(([path, target]) =>
        symlink(path, `${packsFolder}/${name}${target && "/"}${target}`),
      ),
    ),
    // modinfo wants to read it, even when it is asked about a file.
    { kind: "file", path: `${modules}/modules.dep`, mode: 0o644, data: Buffer.alloc(0), ...root },
  ];
  for await (const path of filesBelow(parts.overlay, "etc")) {
    const text = await readFile(join(parts.overlay, path), "utf8");
    const data = Buffer.from(text.replaceAll("@RELEASE@", parts.release));
    entries.push({ kind: "file", path, mode: 0o644, data, ...root });
  }
  return entries;
}

function directory(path: string, mode: number): ArchiveEntry {
  return { kind: "directory", path, mode, ...root };
}

function symlink(path: string, target: string): ArchiveEntry {
  return { kind: "symlink", path, target, mode: 0o777, ...root };
}

function program(path: string, data: Uint8Array, mode = 0o755): ArchiveEntry {
  return { kind: "file", path, mode, data, ...root };
}
