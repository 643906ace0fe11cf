import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const RESULTS = fileURLToPath(new URL("../results", import.meta.url));
/** Playwright reads its configuration in each of its processes; those of a run inherit this. */
const RUN = "KSPACE_E2E_RUN";

/**
 * Where this run leaves what it has of failures. Playwright empties the folder when it begins: in
 * one for all, two runs of a tree would take each other's files away. What earlier runs have left
 * goes, as it would there.
 */
export function resultsFolder(): string {
  const known = process.env[RUN];
  if (known !== undefined) return join(RESULTS, known);
  mkdirSync(RESULTS, { recursive: true });
  for (const name of readdirSync(RESULTS)) {
    if (!isRunning(Number(name))) rmSync(join(RESULTS, name), { recursive: true, force: true });
  }
  process.env[RUN] = String(process.pid);
  return join(RESULTS, String(process.pid));
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's, who has taken the number since or runs the tests of the same tree.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
