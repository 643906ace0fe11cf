import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { checksum } from "../../gdb/packet.js";
import { type Fixtures, makeFixtures } from "../test-support/fixtures.js";
import { kspace } from "../test-support/run-cli.js";
import { ended, startKspace } from "../test-support/spawn-kspace.js";

/** `kspace gdb` without a gdb: what it says, and how it ends. */

let fixtures: Fixtures;
beforeAll(async () => {
  fixtures = await makeFixtures();
});
afterAll(() => fixtures[Symbol.asyncDispose]());

describe("an argument that cannot be used", () => {
  it.each([
    [["--port", "70000"], "--port 70000: a port is a number from 0 (any) to 65535.\n"],
    [["--freeze"], "--freeze needs a test to run: --test PROG, or --section.\n"],
    [["--section", "2", "--test", "/bin/true"], "--section has a module and a test of its own: "],
    [["--section", "7"], "There is no section 7; there are 1, 2, 3, 4.\n"],
    [["nothing.ko"], "nothing.ko cannot be read: there is no such file.\n"],
  ])("%j", async (args, message) => {
    const { status, stdout, stderr } = await kspace(["gdb", ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(`kspace: ${message}`);
  });

  it("is a port that is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { status, stderr } = await kspace(["gdb", "--port", String(port)]);
    other.close();
    expect(status).toBe(2);
    expect(stderr).toContain(`Port ${port} is taken by another program.`);
  });
});

it("says why a module does not load", async () => {
  const module = `${fixtures.folder}/unknown_symbol.ko`;
  const { status, stderr } = await kspace(["gdb", module]);
  expect(status).toBe(1);
  expect(stderr).toContain(`kspace: ${module} does not load: `);
  expect(stderr).toContain("Unknown symbol");
});

describe("waiting for gdb", () => {
  async function start(...args: string[]) {
    const child = startKspace(["gdb", "--port", "0", ...args]);
    const result = ended(child);
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += String(chunk);
    });
    await vi.waitFor(() => expect(said).toContain("\n  echo "), { timeout: 30_000 });
    const [, port = ""] = /^The lab waits for gdb at 127\.0\.0\.1:(\d+)\./m.exec(said) ?? [];
    return { child, result, said, port: Number(port) };
  }

  it("says how to start it, and ends by SIGINT", async () => {
    const { child, result, said } = await start(`${fixtures.folder}/2-fops/hello.ko`);
    expect(said).toMatch(/^ {2}gdb -q -x \S+\/commands\.gdb$/m);
    expect(said).toMatch(/^ {2}file \S+vmlinux/m);
    expect(said).toContain(`  directory ${fixtures.folder}/2-fops\n`);
    expect(said).toMatch(/^ {2}add-symbol-file \S+\/2-fops\/hello\.ko 0x[0-9a-f]{8} -s /m);
    child.kill("SIGINT");
    expect(await result).toMatchObject({ status: 0, signal: null });
  });

  it("runs the test first if it shall, and ends when gdb kills the guest", async () => {
    const { result, said, port } = await start("--section", "3", "--freeze");
    expect(said).toContain("$ ./a.out\nwrote 6 bytes\nThe guest has frozen.\n");
    const socket = connect(port, "127.0.0.1");
    socket.write(`$k#${checksum("k")}`);
    expect(await result).toMatchObject({ status: 0 });
    socket.destroy();
  });
});
