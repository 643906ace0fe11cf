import { access, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findPackage } from "../packages.js";
import { filesBelow, type Stage } from "../stage.js";
import { wasiCxxPackages, wasiSysroot } from "../wasi-sysroot.js";
import type { Workspace } from "../workspace.js";

const llvmSource = "llvm-toolchain-16";
const packages = [llvmSource, "llvm-16-dev", ...wasiCxxPackages, "clang-16", "lld-16", "llvm-16"];

/** Debian's LLVM for the building machine; clang-16 depends on it. */
const nativeLLVM = "/usr/lib/x86_64-linux-gnu/libLLVM-16.so.1";
const llvmTableGen = "/usr/lib/llvm-16/bin/llvm-tblgen";

/** Builds clang and lld for x86 as a WebAssembly program. */
export const kcc: Stage = {
  name: "kcc",
  title: "C compiler as WebAssembly",
  needs: [],
  packages,
  inputs: [
    "toolchain/kcc",
    "toolchain/cmake",
    "toolchain/wasi",
    "build/stages/kcc.ts",
    "build/wasi-sysroot.ts",
  ],
  outputs: ["toolchain/kcc.wasm.xz"],
  onDemand: { command: "npm run toolchain" },
  async build(workspace) {
    const source = await workspace.unpacked(llvmSource);
    const folder = workspace.work("toolchain/build");
    await dropOtherConfiguration(workspace, folder);
    const sysroot = await wasiSysroot(
      workspace,
      workspace.work("toolchain/sysroot"),
      wasiCxxPackages,
    );
    const options = workspace.source("toolchain/cmake");
    await workspace.run("cmake", [
      ...["-G", "Ninja", "-S", join(source, "llvm"), "-B", folder],
      ...["-C", join(options, "llvm.cmake")],
      `-DCMAKE_TOOLCHAIN_FILE=${join(options, "wasi.cmake")}`,
      `-DKCC_SOURCE=${source}`,
      `-DKCC_SYSROOT=${sysroot}`,
      `-DLLVM_EXTERNAL_KCC_SOURCE_DIR=${workspace.source("toolchain/kcc")}`,
      `-DLLVM_TABLEGEN=${llvmTableGen}`,
      `-DCLANG_TABLEGEN=${await clangTableGen(workspace, source)}`,
      `-DCLANG_REPOSITORY_STRING=${debianRevision(workspace)}`,
    ]);
    await workspace.run("ninja", ["-C", folder, `-j${workspace.jobs}`, "kcc"]);
    // A third smaller than with gzip, and unpacked in a second.
    const program = join(folder, "bin/kcc.wasm");
    const packed = await workspace.run("xz", ["-9e", "--threads=1", "--stdout", program]);
    await workspace.writeOutput("toolchain/kcc.wasm.xz", packed);
  },
};

/**
 * Ninja builds anew what a changed header or source asks for, but does not notice other packages and
 * other options. After those it starts from nothing; otherwise an interrupted build goes on.
 */
async function dropOtherConfiguration(workspace: Workspace, folder: string): Promise<void> {
  const parts = packages.map((name) => `${name} ${findPackage(workspace.packages, name).version}`);
  for await (const path of filesBelow(workspace.folders.source, "toolchain/cmake")) {
    parts.push(await readFile(workspace.source(path), "utf8"));
  }
  const configuration = parts.join("\n");
  const record = workspace.work("toolchain/configuration");
  if ((await readFile(record, "utf8").catch(() => "")) === configuration) return;
  await rm(folder, { recursive: true, force: true });
  await mkdir(workspace.work("toolchain"), { recursive: true });
  await writeFile(record, configuration);
}

/**
 * The generator of clang's tables, for the building machine: Debian has a package with LLVM's own,
 * but none with clang's.
 */
async function clangTableGen(workspace: Workspace, source: string): Promise<string> {
  const program = workspace.work("toolchain/native/clang-tblgen");
  const isThere = await access(program).then(
    () => true,
    () => false,
  );
  if (isThere) return program;
  const objects = workspace.work("toolchain/native/objects");
  await rm(objects, { recursive: true, force: true });
  await mkdir(objects, { recursive: true });
  const development = join(await workspace.unpacked("llvm-16-dev"), "usr/lib/llvm-16");
  const sources: string[] = [];
  for (const folder of ["clang/utils/TableGen", "clang/lib/Support"]) {
    for await (const path of filesBelow(source, folder)) {
      if (path.endsWith(".cpp")) sources.push(join(source, path));
    }
  }
  const flags = ["-std=c++17", "-O1", "-fno-rtti", "-fno-exceptions", "-w"];
  const includes = [join(source, "clang/include"), join(development, "include")];
  await workspace.run(
    "clang++-16",
    [...flags, ...includes.map((folder) => `-I${folder}`), "-c", ...sources],
    { cwd: objects },
  );
  const compiled: string[] = [];
  for await (const path of filesBelow(objects, ".")) compiled.push(path);
  const library = join(development, "lib/libLLVMTableGen.a");
  await workspace.run("clang++-16", [...compiled, library, nativeLLVM, "-o", program], {
    cwd: objects,
  });
  return program;
}

/** What Debian's clang prints behind its version: `15~deb12u1` of `1:16.0.6-15~deb12u1`. */
function debianRevision(workspace: Workspace): string {
  const { version } = findPackage(workspace.packages, llvmSource);
  return version.slice(version.lastIndexOf("-") + 1);
}
