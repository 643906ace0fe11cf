import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checksum } from "../../gdb/packet.js";
import { hasCompiler } from "../../toolchain/test-support/images.js";
import { type Fixtures, makeFixtures } from "../test-support/fixtures.js";
import { kspace } from "../test-support/run-cli.js";
import { sourceFolder } from "../test-support/source-folder.js";
import { startWaitingForGdb } from "../test-support/waiting-for-gdb.js";

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

it.skipIf(!hasCompiler())("says what is wrong in a C file, and starts nothing", async () => {
  await using sources = await sourceFolder({ "wrong.c": "int a = b;\n" });
  const { status, stdout, stderr } = await kspace(["gdb", sources.file("wrong.c")]);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("wrong.c:1:9: error: use of undeclared identifier 'b'\n");
  expect(stderr).toContain("kspace: not everything was built, so nothing is run.\n");
});

describe("waiting for gdb", () => {
  it("says how to start it, and ends by SIGINT", async () => {
    using waiting = await startWaitingForGdb(`${fixtures.folder}/2-fops/hello.ko`);
    const { child, result, said, script } = waiting;
    expect(script).not.toBe("");
    expect(said).toMatch(/^ {2}file \S+vmlinux/m);
    expect(said).toContain(`  directory ${fixtures.folder}/2-fops\n`);
    expect(said).toMatch(/^ {2}add-symbol-file \S+\/2-fops\/hello\.ko 0x[0-9a-f]{8} -s /m);
    child.kill("SIGINT");
    expect(await result).toMatchObject({ status: 0, signal: null });
  });

  it("runs the test first if it shall, and ends when gdb kills the guest", async () => {
    using waiting = await startWaitingForGdb("--section", "3", "--freeze");
    const { result, said, port } = waiting;
    expect(said).toContain("$ ./a.out\nwrote 6 bytes\nThe guest has frozen.\n");
    const socket = connect(port, "127.0.0.1");
    socket.write(`$k#${checksum("k")}`);
    expect(await result).toMatchObject({ status: 0 });
    socket.destroy();
  });
});
