/** What `images/manifest.json` says of a file beyond its size and hash. */
export interface ImageFile {
  /** A path below `images/`; a `*` at its end stands for any ending. */
  readonly path: string;
  readonly what: string;
  /** SPDX expression over everything in it. */
  readonly licence: string;
  /** Names in `packages.json` of what is in it. */
  readonly packages: readonly string[];
  /** Our own sources of it, from the root of the repository. */
  readonly sources: readonly string[];
}

const linux = "GPL-2.0-only WITH Linux-syscall-note";
const seabios = "LGPL-3.0-only AND LGPL-2.0-only";
const programs = "GPL-2.0-only AND MIT AND Apache-2.0 WITH LLVM-exception";
const modules = "(MIT OR GPL-2.0-only) AND GPL-2.0-only WITH Linux-syscall-note";

const gdbAndLibraries = [
  "GPL-3.0-or-later",
  "LGPL-2.1-or-later",
  "GPL-3.0-or-later WITH GCC-exception-3.1",
  "(LGPL-3.0-or-later OR GPL-2.0-or-later)",
  "(BSD-3-Clause OR GPL-2.0-only)",
  ...["BSD-2-Clause", "BSD-3-Clause", "MIT", "X11-distribute-modifications-variant", "Zlib"],
  "LicenseRef-public-domain",
].join(" AND ");

const kernelSources = ["kernel-src/linux"];
const wasiRuntime = ["wasi-libc", "libclang-rt-16-dev-wasm32"];
const userlandPackages = ["busybox", "musl-dev", "libclang-rt-16-dev"];
const userlandSources = ["init", "sudo", "agent", "rootfs", "userland"].map(
  (name) => `kernel-src/${name}`,
);

export const imageFiles: readonly ImageFile[] = [
  {
    path: "bios/bios.bin",
    what: "The PC's BIOS: SeaBIOS, Debian's build with 128 KiB",
    licence: seabios,
    packages: ["seabios"],
    sources: [],
  },
  {
    path: "i686/vmlinuz",
    what: "The kernel, as a boot loader takes it (bzImage)",
    licence: linux,
    packages: ["linux-source-6.1"],
    sources: kernelSources,
  },
  {
    path: "i686/kernel.json",
    what: "The kernel's release and vermagic, and the addresses and offsets that a host needs",
    licence: linux,
    packages: ["linux-source-6.1"],
    sources: kernelSources,
  },
  {
    path: "i686/kallsyms.gz",
    what: "All symbols of the kernel ordered by address (System.map)",
    licence: linux,
    packages: ["linux-source-6.1"],
    sources: kernelSources,
  },
  {
    path: "i686/kernel.gsym.gz",
    what: "Functions, lines and inlined calls of the kernel's code (GSYM), read for the first report",
    licence: linux,
    packages: ["linux-source-6.1"],
    sources: kernelSources,
  },
  {
    path: "i686/kernel.btf.gz",
    what: "The kernel's types (BTF), to read its memory by; read when a stopped kernel is first looked into",
    licence: linux,
    packages: ["linux-source-6.1"],
    sources: kernelSources,
  },
  {
    path: "i686/kernel.frames.gz",
    what: "How to get from a frame of the kernel's stack to the next (.debug_frame), for gdb",
    licence: linux,
    packages: ["linux-source-6.1"],
    sources: kernelSources,
  },
  {
    path: "i686/kernel-places.txt.gz",
    what: "What llvm-symbolizer says of some addresses of the kernel, for the tests",
    licence: linux,
    packages: ["linux-source-6.1"],
    sources: kernelSources,
  },
  {
    path: "i686/initramfs.cpio.gz",
    what: "The root file system: busybox, init, sudo and the control agent",
    licence: programs,
    packages: userlandPackages,
    sources: userlandSources,
  },
  {
    path: "i686/course.tar.gz",
    what: "The student's home: for each section of the course its sources, module and program",
    licence: `${modules} AND MIT AND Apache-2.0 WITH LLVM-exception`,
    packages: ["linux-source-6.1", "musl-dev", "libclang-rt-16-dev"],
    sources: ["kernel-src/course"],
  },
  {
    path: "i686/modules.tar.gz",
    what: "The modules that the tests load",
    licence: modules,
    packages: ["linux-source-6.1"],
    sources: ["kernel-src/modules"],
  },
  {
    path: "i686/samples.tar.gz",
    what: "Sample modules of the kernel's source, which the tests build once more",
    licence: linux,
    packages: ["linux-source-6.1"],
    sources: [],
  },
  {
    path: "i686/kbuild.json",
    what: "How the kernel's build compiles, checks and links a module",
    licence: linux,
    packages: ["linux-source-6.1"],
    sources: kernelSources,
  },
  {
    path: "i686/modpost.wasm.gz",
    what: "The kernel's check of modules (scripts/mod/modpost) as WebAssembly",
    licence: "GPL-2.0-only AND MIT AND Apache-2.0 WITH LLVM-exception",
    packages: ["linux-source-6.1", ...wasiRuntime],
    sources: [],
  },
  {
    path: "i686/headers.json.gz",
    what: "The names of the kernel's headers, and which of the following has each",
    licence: "MIT",
    packages: [],
    sources: ["kernel-src/build"],
  },
  {
    path: "i686/headers/*",
    what: "The kernel's headers as configured, fetched when a module is first built that includes one",
    licence: linux,
    packages: ["linux-source-6.1"],
    sources: kernelSources,
  },
  {
    path: "i686/cc.json",
    what: "How a program of the guest is compiled and linked",
    licence: "MIT",
    packages: [],
    sources: ["kernel-src/build"],
  },
  {
    path: "i686/library.json.gz",
    what: "The names of the C library's files, and which of the following has each",
    licence: "MIT",
    packages: [],
    sources: ["kernel-src/build"],
  },
  {
    path: "i686/library/libc.tar.gz",
    what: "The C library, fetched when a program is first built",
    licence: "MIT AND Apache-2.0 WITH LLVM-exception",
    packages: ["musl-dev", "libclang-rt-16-dev"],
    sources: [],
  },
  {
    path: "i686/library/uapi.tar.gz",
    what: "The kernel's headers for programs, fetched when one includes one",
    licence: linux,
    packages: ["linux-source-6.1"],
    sources: kernelSources,
  },
  {
    path: "i686/packs.json.gz",
    what: "The names and sizes of the files that are in the packs",
    licence: "MIT",
    packages: [],
    sources: ["kernel-src/build"],
  },
  {
    path: "i686/packs/gdb.tar.gz",
    what: "Debian's gdb with its libraries, fetched when it is first run",
    licence: gdbAndLibraries,
    packages: [
      ...["gdb-minimal", "libc6", "libexpat1", "libgcc-s1", "libgmp10", "libipt2", "liblzma5"],
      ...["libreadline8", "libstdc++6", "libtinfo6", "libxxhash0", "libzstd1", "zlib1g"],
      "ncurses-base",
    ],
    sources: ["kernel-src/gdb"],
  },
  {
    path: "i686/packs/linux-source.tar.gz",
    what: "Sources of the kernel that debug information leads to, fetched when one is first read",
    licence: linux,
    packages: ["linux-source-6.1"],
    sources: [],
  },
  {
    path: "i686/snapshot*",
    what: "The whole machine at its prompt, as the emulator saves it",
    licence: `${linux} AND ${programs} AND ${seabios}`,
    packages: ["seabios", "linux-source-6.1", ...userlandPackages],
    sources: [...kernelSources, ...userlandSources],
  },
  {
    path: "x64/programs.tar.gz",
    what: "Static programs for x86-64 that the tests run: Debian's busybox, and our own",
    licence: "GPL-2.0-only AND LGPL-2.1-or-later AND MIT AND Apache-2.0 WITH LLVM-exception",
    packages: ["busybox-static", "musl-dev:amd64", "libclang-rt-16-dev"],
    sources: ["kernel-src/x64"],
  },
  {
    path: "toolchain/kcc.wasm.xz",
    what: "clang and lld for x86 as a WebAssembly program, fetched when something is first built",
    licence: "Apache-2.0 WITH LLVM-exception AND BSD-3-Clause AND BSD-2-Clause AND MIT AND CC0-1.0",
    packages: [
      "llvm-toolchain-16",
      ...wasiRuntime,
      "libc++-16-dev-wasm32",
      "libc++abi-16-dev-wasm32",
    ],
    sources: ["kernel-src/toolchain"],
  },
];

/** The description of a file below `images/`, if it has one. */
export function describeImageFile(path: string): ImageFile | undefined {
  return imageFiles.find((file) =>
    file.path.endsWith("*") ? path.startsWith(file.path.slice(0, -1)) : path === file.path,
  );
}
