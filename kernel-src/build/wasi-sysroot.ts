import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { Workspace } from "./workspace.js";

/** What a C program for WASI is compiled with and linked to. */
export const wasiPackages = ["wasi-libc", "libclang-rt-16-dev-wasm32"];
/** The same for C++. */
export const wasiCxxPackages = [...wasiPackages, "libc++-16-dev-wasm32", "libc++abi-16-dev-wasm32"];

/** Makes a folder with the headers and libraries of some packages for WASI. */
export async function wasiSysroot(
  workspace: Workspace,
  folder: string,
  packages: readonly string[],
): Promise<string> {
  for (const name of packages) {
    // With their times: a newer header would have everything compiled again.
    await cp(await workspace.unpacked(name), folder, {
      recursive: true,
      preserveTimestamps: true,
      verbatimSymlinks: true,
    });
  }
  return folder;
}

/**
 * Compiles C files to a program for WASI, of the kind that `emulator/toolchain/wasi` runs: its memory
 * comes from the host.
 */
export async function compileForWasi(
  workspace: Workspace,
  sources: readonly string[],
  program: string,
  sysroot: string,
  flags: readonly string[],
): Promise<void> {
  const libraries = join(sysroot, "usr/lib/wasm32-wasi");
  const runtime = "usr/lib/llvm-16/lib/clang/16/lib/wasi/libclang_rt.builtins-wasm32.a";
  const link = [
    ...["import-memory", "export-memory", "strip-all"],
    // As kcc has it: kernel-src/toolchain/kcc/CMakeLists.txt.
    ...["initial-memory=33554432", "max-memory=4294967296"],
  ];
  await workspace.run("clang-16", [
    "--target=wasm32-wasi",
    "-Os",
    "-nostdlibinc",
    `-idirafter${join(sysroot, "usr/include/wasm32-wasi")}`,
    ...["-D_WASI_EMULATED_MMAN", "-D_WASI_EMULATED_SIGNAL"],
    ...flags,
    ...["-nostdlib", join(libraries, "crt1-command.o")],
    ...sources,
    ...[`-L${libraries}`, "-lwasi-emulated-mman", "-lc", join(sysroot, runtime)],
    ...link.map((option) => `-Wl,--${option}`),
    ...["-o", program],
  ]);
}
