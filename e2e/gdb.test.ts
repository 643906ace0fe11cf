/** A debugger of the host's, at the guest of a page: `kspace serve --gdb`. */
import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { KspaceServe } from "./support/kspace-serve.js";
import { expect, test } from "./support/lab-test.js";

const HAS_GDB = spawnSync("gdb", ["--version"], { stdio: "ignore" }).error === undefined;

const execute = promisify(execFile);

test("gdb stops the page's guest at a breakpoint, and lets it go", async ({ lab }) => {
  test.skip(!HAS_GDB, "no gdb: install Debian's gdb");
  using server = new KspaceServe("--gdb", "0");
  await lab.open(await server.address());
  await lab.run("sudo insmod ~/2-fops/hello.ko && lsmod", /^hello /);
  const stdout = await gdb(await server.says(/gdb -q -x (\S+)/), [
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
  expect(await server.stop()).toBe(0);
});

async function gdb(script: string, commands: readonly string[]): Promise<string> {
  const args = ["-nx", "-q", "-batch", "-iex", "set debuginfod enabled off", "-x", script];
  for (const command of commands) args.push("-ex", command);
  // What the lab says comes on the standard error.
  const both = ["-c", 'exec gdb "$@" 2>&1', "sh", ...args];
  const { stdout } = await execute("/bin/sh", both, { timeout: 60_000 });
  return stdout;
}
