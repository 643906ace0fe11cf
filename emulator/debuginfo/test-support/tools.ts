// This file is for tests alone, which run in Node.
// biome-ignore-start lint/style/noRestrictedImports: see above
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parseTar } from "nanotar";
import { IMAGES_FOLDER } from "../../node/index.js";
// biome-ignore-end lint/style/noRestrictedImports: see above

/**
 * Why a test that needs a program is skipped; undefined when the program is there. In CI, and
 * only there, a missing one is installed.
 * @param debianPackage that has it.
 */
export function missingTool(tool: string, debianPackage: string): string | undefined {
  if (isThere(tool)) return undefined;
  if (process.env.CI === "true" && process.getuid?.() === 0) {
    // A new machine has no lists of packages yet; old lists may do where the archive is away.
    aptGet(["update"]);
    aptGet(["install", "--yes", "--no-install-recommends", debianPackage]);
    if (isThere(tool)) return undefined;
  }
  return `no ${tool}: install Debian's ${debianPackage}`;
}

function aptGet(args: readonly string[]): void {
  spawnSync("apt-get", args, { stdio: "ignore", timeout: 120_000 });
}

function isThere(tool: string): boolean {
  return spawnSync(tool, ["--version"], { stdio: "ignore" }).error === undefined;
}

/** Runs a program with some input; returns what it prints. */
export function runTool(tool: string, args: readonly string[], input = ""): string {
  const { stdout, stderr, status, error } = spawnSync(tool, args, {
    input,
    maxBuffer: 2 ** 30,
    encoding: "utf8",
  });
  if (error !== undefined) throw error;
  if (status === 0) return stdout;
  throw new Error(`${tool} ended with status ${status}: ${stderr.slice(0, 2000)}`);
}

/** The modules of the course and of the other tests: `4-debugging/hello.ko`, `panic_now.ko`, … */
export async function courseModules(): Promise<Map<string, Uint8Array>> {
  const modules = new Map<string, Uint8Array>();
  for (const archive of ["course.tar.gz", "modules.tar.gz"]) {
    const bytes = gunzipSync(await readFile(join(IMAGES_FOLDER, "i686", archive)));
    for (const { name, data } of parseTar(bytes)) {
      if (!name.endsWith(".ko") || data === undefined) continue;
      modules.set(name.replace("home/student/", ""), data);
    }
  }
  return modules;
}
