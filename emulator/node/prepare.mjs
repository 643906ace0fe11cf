// npm's `prepare` script: compiles the package and builds the page, to dist/, from scratch.
import { spawnSync } from "node:child_process";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

// Stale output of a source that was renamed must not be packed.
rmSync(join(root, "dist"), { recursive: true, force: true });
const { status } = spawnSync("npm", ["run", "--silent", "build"], {
  cwd: root,
  stdio: ["ignore", 2, 2],
  shell: process.platform === "win32",
});
if (status !== 0) process.exit(status ?? 1);

// npm makes a command executable when it links it, and finds it linked already next time.
chmodSync(join(root, "dist", "cli", "main.js"), 0o755);
writeFileSync(join(root, "dist", ".built"), "");
