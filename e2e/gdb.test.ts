/** A debugger of the host's, at the guest of a page: `kspace serve --gdb`. */
import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "./support/lab-test.js";

const KSPACE = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const HAS_GDB = spawnSync("gdb", ["--version"], { stdio: "ignore" }).error === undefined;

const execute = promisify(execFile);

test("gdb stops the page's guest at a breakpoint, and lets it go", async ({ lab }) => {
  test.skip(!HAS_GDB, "no gdb: install Debian's gdb");
  const server = spawn(process.execPath, [KSPACE, "serve", "--port", "0", "--gdb", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const { address, script } = await announced(server);
    await lab.open(address);
    await lab.run("sudo insmod ~/2-fops/hello.ko && lsmod", /^hello /);
    const stdout = await gdb(script, [
      "info threads",
      "break version_proc_show",
      "monitor run cat /proc/version",
      "continue",
      "bt",
      "stepi",
      "monitor modules",
      "delete",
      "detach",
    ]);
    expect(stdout).toContain("Thread 1 (CPU#0");
    expect(stdout).toMatch(/^Breakpoint 1, /m);
    expect(stdout).toMatch(/^#\d+ .*\bversion_proc_show \(.*fs\/proc\/version\.c:\d+$/m);
    expect(stdout).toMatch(/^#\d+ +0x\w+ in entry_SYSENTER_32 /m);
    expect(stdout).toMatch(/^add-symbol-file hello\.ko 0x\w+ /m);
    // The guest goes on, and its clock with it.
    await lab.run("cat /dev/hello; echo go''ne", /^gone$/);
  } finally {
    server.kill("SIGINT");
  }
  const [status] = await once(server, "exit");
  expect(status).toBe(0);
});

async function gdb(script: string, commands: readonly string[]): Promise<string> {
  const args = ["-nx", "-q", "-batch", "-iex", "set debuginfod enabled off", "-x", script];
  for (const command of commands) args.push("-ex", command);
  // What the lab says comes on the standard error.
  const both = ["-c", 'exec gdb "$@" 2>&1', "sh", ...args];
  const { stdout } = await execute("/bin/sh", both, { timeout: 60_000 });
  return stdout;
}

/** @throws (rejects) when the server ends before it has said all of it */
async function announced(server: ChildProcess): Promise<{ address: string; script: string }> {
  const lines: string[] = [];
  let address: string | undefined;
  if (server.stdout !== null) {
    for await (const line of createInterface(server.stdout)) {
      lines.push(line);
      address ??= /http:\/\/\S+/.exec(line)?.[0];
      const script = /gdb -q -x (\S+)/.exec(line)?.[1];
      if (address !== undefined && script !== undefined) return { address, script };
    }
  }
  throw new Error(`kspace serve ended early: ${lines.join("\n")}`);
}
