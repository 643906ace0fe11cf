import type { Workspace } from "./workspace.js";

/** The packages with the compiler that makes the guest's programs. */
export const userCompilerPackages = ["clang-16", "lld-16", "llvm-16", "libclang-rt-16-dev"];

/** The packages with what makes the kernel and its modules. */
export const kernelCompilerPackages = ["clang-16", "lld-16", "llvm-16", "pahole", "lz4"];

/** Where Debian unpacks this source: a debugger on such a system finds it by this name. */
export const kernelSourceName = "/usr/src/linux-source-6.1";

/**
 * The compiler for a static program of the guest: clang for i686 with musl, the kernel's own
 * headers and LLVM's runtime.
 */
export function userCompiler(workspace: Workspace): string[] {
  const sysroot = workspace.work("sysroot");
  return [
    "clang-16",
    "--target=i386-linux-musl",
    "-march=i686",
    `--sysroot=${sysroot}`,
    // Where Debian's musl-dev has these headers.
    `-ffile-prefix-map=${sysroot}/usr/include=/usr/include/i386-linux-musl`,
    "-rtlib=compiler-rt",
    "--unwindlib=none",
    "-fuse-ld=lld",
  ];
}

/**
 * Compiles C files to one static program.
 *
 * @param mapped the folder of the sources, and the name that the debug information gives it
 */
export async function compileProgram(
  workspace: Workspace,
  sources: readonly string[],
  program: string,
  mapped: { readonly folder: string; readonly as: string },
  flags: readonly string[] = [],
): Promise<void> {
  const [command = "", ...args] = userCompiler(workspace);
  await workspace.run(
    command,
    [
      ...args,
      "-static",
      "-O2",
      "-Wall",
      "-Wextra",
      ...flags,
      `-ffile-prefix-map=${mapped.folder}=${mapped.as}`,
      "-o",
      program,
      ...sources,
    ],
    { cwd: mapped.folder },
  );
}

/** Where the kernel is unpacked and built. */
export function kernelFolder(workspace: Workspace): string {
  return workspace.work("linux");
}

/**
 * Arguments of make for the kernel and for modules. The bytes that come out must depend neither
 * on the folder, nor on the time, nor on the number of processors.
 *
 * @param mapped a folder of modules, and the name that their debug information gives it
 */
export async function kernelMakeArguments(
  workspace: Workspace,
  mapped?: { readonly folder: string; readonly as: string },
): Promise<string[]> {
  const { sourceDate } = await workspace.kernelTree();
  const maps = [{ folder: kernelFolder(workspace), as: kernelSourceName }];
  if (mapped !== undefined) maps.push(mapped);
  const mapFlags = maps.map(({ folder, as }) => `-ffile-prefix-map=${folder}=${as}`).join(" ");
  return [
    "-C",
    kernelFolder(workspace),
    `-j${workspace.jobs}`,
    ...kernelMakeBasics,
    "KBUILD_BUILD_USER=kspace",
    "KBUILD_BUILD_HOST=kspace",
    "KBUILD_BUILD_VERSION=1",
    `KBUILD_BUILD_TIMESTAMP=${new Date(sourceDate * 1000).toUTCString()}`,
    `KCFLAGS=${mapFlags}`,
    `KAFLAGS=${mapFlags}`,
    // What scripts/pahole-flags.sh says for this version of pahole, without its -j: the order
    // in which threads end must not order the types.
    "PAHOLE_FLAGS=--btf_gen_floats --lang_exclude=rust",
  ];
}

export const kernelMakeBasics = ["ARCH=i386", "LLVM=-16"];
