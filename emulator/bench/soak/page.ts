import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { SoakOptions } from "./options.js";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * The browser's tests of the page, so many times in a row. As a program of its own, since tests
 * know nothing of the source, and the source nothing of its tests.
 */
export async function soakPage({ rounds }: SoakOptions): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    const start = performance.now();
    const { status } = spawnSync("npm", ["run", "--silent", "test:e2e"], {
      cwd: ROOT,
      stdio: "inherit",
      shell: process.platform === "win32",
    });
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    console.log(`page ${round} of ${rounds}: ${status === 0 ? "ok" : "FAILED"} in ${seconds} s`);
    if (status !== 0) process.exit(1);
  }
}
