import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ArchiveEntry } from "../archive/entry.js";
import { BuildError } from "../errors.js";
import { gdbPack, packArchive, packFile, writePack } from "../guest-packs.js";
import type { Stage } from "../stage.js";
import type { Workspace } from "../workspace.js";

/** Where the pack has its libraries; Debian's packages have them in one of two places. */
const libraryFolder = "usr/lib/i386-linux-gnu";
const libraryFolders = ["lib/i386-linux-gnu", libraryFolder];

/** What gdb and its libraries are linked with, by package. */
const libraries: Readonly<Record<string, readonly string[]>> = {
  libc6: ["libc.so.6", "libm.so.6", "libpthread.so.0"],
  libexpat1: ["libexpat.so.1"],
  "libgcc-s1": ["libgcc_s.so.1"],
  libgmp10: ["libgmp.so.10"],
  libipt2: ["libipt.so.2"],
  liblzma5: ["liblzma.so.5"],
  libreadline8: ["libreadline.so.8"],
  "libstdc++6": ["libstdc++.so.6"],
  libtinfo6: ["libtinfo.so.6"],
  libxxhash0: ["libxxhash.so.0"],
  libzstd1: ["libzstd.so.1"],
  zlib1g: ["libz.so.1"],
};

/** Of the terminals that ncurses-base describes, those that somebody may sit at. */
const terminals = [
  ...["ansi", "dumb", "linux", "vt100", "vt220", "xterm", "xterm-256color"],
  ...["screen", "screen-256color", "tmux", "tmux-256color", "rxvt"],
];

/** gdb turns names into UTF-32, for which the C library has a module of its own. */
const conversions = ["gconv-modules", "UTF-32.so"];

/** Packs Debian's gdb with all that it needs to run in the guest. */
export const gdb: Stage = {
  name: "gdb",
  title: "gdb and its libraries",
  needs: ["tree"],
  packages: [
    ...["gdb-minimal", "ncurses-base", ...Object.keys(libraries)],
    ...["clang-16", "lld-16", "llvm-16"],
  ],
  inputs: ["gdb", "build/stages/gdb.ts", "build/guest-packs.ts", "build/archive"],
  outputs: [packArchive(gdbPack)],
  async build(workspace) {
    const folder = workspace.work("gdb");
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const loader = "lib/ld-linux.so.2";
    const programs = [
      packFile("usr/bin/gdb", 0o755, await read(workspace, "gdb-minimal", ["usr/bin/gdb"])),
      packFile(
        loader,
        0o755,
        await read(workspace, "libc6", [loader, `${libraryFolders[0]}/ld-linux.so.2`]),
      ),
      packFile(`${libraryFolder}/libdebuginfod.so.1`, 0o755, await debuginfod(workspace, folder)),
    ];
    for (const [name, files] of Object.entries(libraries)) {
      for (const file of files) {
        const places = libraryFolders.map((place) => `${place}/${file}`);
        const data = await read(workspace, name, places);
        programs.push(packFile(`${libraryFolder}/${file}`, 0o755, data));
      }
    }
    await requireLibraries(workspace, programs);

    const settings = await readFile(workspace.source("gdb/gdbinit"));
    const others = [packFile("etc/gdb/gdbinit", 0o644, settings)];
    const add = async (name: string, path: string): Promise<void> => {
      others.push(packFile(path, 0o644, await read(workspace, name, [path])));
    };
    for (const name of conversions) await add("libc6", `${libraryFolder}/gconv/${name}`);
    for (const name of terminals) {
      await add("ncurses-base", `lib/terminfo/${name.charAt(0)}/${name}`);
    }
    await writePack(workspace, gdbPack, [...programs, ...others]);
  },
};

/** A file of a package, wherever of these places it is. */
async function read(
  workspace: Workspace,
  name: string,
  places: readonly string[],
): Promise<Uint8Array> {
  const content = await workspace.unpacked(name);
  for (const place of places) {
    const data = await readFile(join(content, place)).catch(() => undefined);
    if (data !== undefined) return data;
  }
  throw new BuildError("bad-source", `${name} has no ${places.join(" and no ")}.`);
}

/** See `gdb/libdebuginfod.c` for why it is not Debian's. */
async function debuginfod(workspace: Workspace, folder: string): Promise<Uint8Array> {
  const library = join(folder, "libdebuginfod.so.1");
  await workspace.run(
    "clang-16",
    [
      ...["--target=i386-linux-gnu", "-march=i686", "-O2", "-Wall", "-Wextra", "-fPIC"],
      // It calls nothing, and needs no C library's headers but the compiler's own.
      ...["-ffreestanding", "-nostdlib", "-shared", "-fuse-ld=lld"],
      ...["-Wl,-soname,libdebuginfod.so.1", "-Wl,--version-script=libdebuginfod.map"],
      ...["-Wl,--strip-all", "-o", library, "libdebuginfod.c"],
    ],
    { cwd: workspace.source("gdb") },
  );
  return readFile(library);
}

/** @throws BuildError `bad-source` when something is linked with a library that is not there */
async function requireLibraries(
  workspace: Workspace,
  programs: readonly ArchiveEntry[],
): Promise<void> {
  const present = new Set(programs.map(({ path }) => path.split("/").at(-1)));
  for (const entry of programs) {
    if (entry.kind !== "file") continue;
    const args = ["--needed-libs", "-"];
    const output = await workspace.run("llvm-readelf-16", args, { input: entry.data });
    const needed = output.toString().match(/^ +\S+\.so\S*$/gm) ?? [];
    const missing = needed.map((line) => line.trim()).filter((name) => !present.has(name));
    if (missing.length > 0) {
      throw new BuildError("bad-source", `${entry.path} needs ${missing.join(", ")} in the pack.`);
    }
  }
}
