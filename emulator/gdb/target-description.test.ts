import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { missingTool } from "../debuginfo/test-support/tools.js";
import type { Arch } from "../machine/machine.js";
import { listenForGdb } from "../node/gdb-server.js";
import { GdbServer } from "./server.js";
import { registerLayout, targetDescription } from "./target-description.js";
import { FakeTarget } from "./test-support/fake-target.js";

const missing = missingTool("gdb", "gdb");

/** What a real gdb makes of a target, without a file that would tell it the architecture. */
async function gdb(target: FakeTarget, ...commands: string[]): Promise<string> {
  await using listener = await listenForGdb(new GdbServer(target, { monitorCommands: [] }), 0);
  const args = ["-nx", "-q", "-batch"];
  for (const command of [`target remote ${listener.host}:${listener.port}`, ...commands]) {
    args.push("-ex", command);
  }
  const both = ["-c", 'exec gdb "$@" 2>&1', "sh", ...args];
  const { stdout } = await promisify(execFile)("/bin/sh", both, { timeout: 30_000 });
  return stdout;
}

describe("a target's description", () => {
  it.each(["i686", "x86_64"] as const)("of an %s is made of registers of its own", (arch) => {
    const names = registerLayout(arch).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(targetDescription(arch)).toContain(`<reg name="${name}" `);
  });

  it.skipIf(missing).each<[Arch, bigint, string, string]>([
    ["i686", 0xc000_0000n, "eip", "i386"],
    ["x86_64", 0xffff_ffff_8100_0000n, "rip", "i386:x86-64"],
  ])(`is taken by gdb: %s${missing ? ` (${missing})` : ""}`, async (arch, start, name, gdbName) => {
    const target = new FakeTarget(arch, start);
    const said = await gdb(
      target,
      "show architecture",
      `p/x $${name}`,
      "p $eflags",
      "p/x $cr3",
      "p $st0",
      `set $${name} += 16`,
      "stepi",
      `p/x $${name}`,
      "detach",
    );
    expect(said).toContain(`"auto" (currently "${gdbName}")`);
    expect(said).toContain(`$1 = 0x${start.toString(16)}\n`);
    expect(said).toContain("$2 = [ PF ZF IF ]\n");
    expect(said).toContain("$3 = 0x1234000\n");
    expect(said).toContain("$4 = <unavailable>\n");
    expect(said).toContain(`$5 = 0x${(start + 17n).toString(16)}\n`);
    expect(said).not.toMatch(/error|invalid/i);
  });
});
