import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** A gdb of a processor that is no x86 may know that one alone; Debian's other one knows all. */
const GDBS: readonly string[] =
  process.arch === "x64" || process.arch === "ia32"
    ? ["gdb", "gdb-multiarch"]
    : ["gdb-multiarch", "gdb"];

/** The path of the user's gdb; undefined where there is none. */
export async function findGdb(path: string | undefined): Promise<string | undefined> {
  for (const name of GDBS) {
    for (const folder of (path ?? "").split(delimiter)) {
      if (folder === "") continue;
      const file = join(folder, process.platform === "win32" ? `${name}.exe` : name);
      const isThere = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (isThere) return file;
    }
  }
  return undefined;
}

/**
 * Runs gdb on this terminal until it ends. Ctrl-C is gdb's meanwhile: the terminal sends it to
 * both of us.
 */
export async function runGdb(
  gdb: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const listeners = process.listeners("SIGINT");
  const ignore = (): void => undefined;
  process.removeAllListeners("SIGINT");
  process.on("SIGINT", ignore);
  try {
    const child: ChildProcess = spawn(gdb, args, {
      stdio: "inherit",
      // It would ask a server of the net for the sources that we have set it up with.
      env: { ...process.env, DEBUGINFOD_URLS: "" },
    });
    const end = (): void => void child.kill("SIGTERM");
    signal.addEventListener("abort", end, { once: true });
    await once(child, "exit");
    signal.removeEventListener("abort", end);
  } finally {
    process.off("SIGINT", ignore);
    for (const listener of listeners) process.on("SIGINT", listener);
  }
}
