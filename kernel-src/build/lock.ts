import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BuildError } from "./errors.js";

/**
 * Does the work while no other build uses the folder. A lock whose process is gone is taken over.
 *
 * @throws BuildError `busy` when another build is at work there
 */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const file = join(folder, "lock");
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${process.pid}`, { flag: "wx" }).catch(async () => {
    const owner = Number(await readFile(file, "utf8").catch(() => ""));
    if (isRunning(owner)) {
      throw new BuildError("busy", `Another build is at work in ${folder} (process ${owner}).`);
    }
    await writeFile(file, `${process.pid}`);
  });
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    // Signal 0 is not sent: it only asks whether the process is there.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
