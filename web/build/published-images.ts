/**
 * Which files of `images/` the page publishes. What is left out is for a cold boot (the kernel and
 * its initramfs: the page starts from the snapshot, which holds both) and for the tests.
 */

/** What the guest starts from: downloaded before it runs. */
export const START_IMAGES: readonly string[] = [
  "manifest.json",
  "bios/bios.bin",
  "i686/kernel.json",
  "i686/course.tar.gz",
  "i686/packs.json.gz",
  "i686/snapshot.bin",
];

/** Downloaded when they are first needed, or in the background for a page without a network. */
export const LATER_IMAGES: readonly string[] = [
  "i686/kallsyms.gz",
  "i686/kernel.gsym.gz",
  "i686/kernel.btf.gz",
  "i686/packs/linux-source.tar.gz",
  "i686/packs/gdb.tar.gz",
];

/** What the first build needs; for visits without a network, it is kept when there is time for it. */
export const BUILD_IMAGES: readonly string[] = [
  "toolchain/kcc.wasm.xz",
  "i686/modpost.wasm.gz",
  "i686/kbuild.json",
  "i686/headers.json.gz",
  "i686/headers/common.tar.gz",
  "i686/cc.json",
  "i686/library.json.gz",
  "i686/library/libc.tar.gz",
];

/** Headers that few builds need, 10 MB: kept once they were needed. */
export const RARE_IMAGES: readonly string[] = [
  "i686/headers/subsystems.tar.gz",
  "i686/headers/others.tar.gz",
  "i686/library/uapi.tar.gz",
];

/** What goes with the binaries by their licences. Nobody needs it without a network. */
export const IMAGE_DOCUMENTS: readonly string[] = ["README.md", "licenses"];
