import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Fixtures, makeFixtures } from "../test-support/fixtures.js";
import { kspace } from "../test-support/run-cli.js";
import { parsePlaceArgument } from "./place-argument.js";

/** `kspace list` beside gdb. */

const gdbIsMissing = spawnSync("gdb", ["--version"]).error !== undefined;
const ADDRESSES = ["hello_write+0x35", "hello_write+0x2b", "hello_read", "hello_open+7"];

let fixtures: Fixtures;
let debugging: string;
beforeAll(async () => {
  fixtures = await makeFixtures();
  debugging = join(fixtures.folder, "4-debugging");
});
afterAll(() => fixtures[Symbol.asyncDispose]());

async function gdbList(place: string): Promise<string> {
  const args = ["-nx", "-batch", "-ex", `directory ${debugging}`, "-ex", `list *(${place})`];
  const { stdout } = await promisify(execFile)("gdb", [...args, join(debugging, "hello.ko")]);
  return stdout.replace(/^Source directories searched: .*\n/, "");
}

describe("kspace list", () => {
  it.skipIf(gdbIsMissing)("says what gdb says, where gdb has the sources", async () => {
    for (const place of ADDRESSES) {
      const module = join(debugging, "hello.ko");
      const { status, stdout, stderr } = await kspace(["list", place, "--module", module]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      const [first, ...source] = stdout.split("\n");
      const theirs = (await gdbList(place)).split("\n");
      expect(first).toBe(theirs[0]);
      // gdb has the sources of the module, but the kernel's only where they are installed.
      if (theirs.length > 3) expect(source).toEqual(theirs.slice(1));
      else expect(source).toHaveLength(11);
    }
  });

  it("knows the lab's own kernel", async () => {
    const { status, stdout } = await kspace(["list", "usercopy_abort"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^0xc1[0-9a-f]{6} is in usercopy_abort \(.*mm\/usercopy\.c:\d+\)\.\n/);
    expect(stdout).toMatch(/^\d+\tvoid __noreturn usercopy_abort\(/m);
  });

  it.each([
    [["hello_writ"], "There is no function hello_writ in ", "It has hello_read, hello_write"],
    [["hello_write+0x10/0x9999"], "is not 0x9999 bytes long", "of another build"],
    [["hello write"], '"hello write" is no place in the code', "hello_write+0x35"],
    [["hello_write", "--vmlinux", "vmlinux"], "give one of the two", ""],
  ])("%j is told what is wrong", async ([place = "", ...more], what, help) => {
    const module = join(debugging, "hello.ko");
    const { status, stdout, stderr } = await kspace(["list", place, "--module", module, ...more]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(what);
    expect(stderr).toContain(help);
  });

  it.each(["none.ko", "hello.c", "a.out"])("%s is no module", async (name) => {
    const module = join(debugging, name);
    const { status, stderr } = await kspace(["list", "main", "--module", module]);
    expect(status).toBe(2);
    expect(stderr).toContain(module);
  });
});

describe("a place", () => {
  it.each([
    ["hello_write", { symbol: "hello_write", offset: 0, size: undefined }],
    ["hello_write+0x35", { symbol: "hello_write", offset: 0x35, size: undefined }],
    ["hello_write+53", { symbol: "hello_write", offset: 53, size: undefined }],
    ["*(hello_write+0x35)", { symbol: "hello_write", offset: 0x35, size: undefined }],
    ["hello_write+0x35/0x60 [hello]", { symbol: "hello_write", offset: 0x35, size: 0x60 }],
    ["f.cold.2+0x43/0x47", { symbol: "f.cold.2", offset: 0x43, size: 0x47 }],
  ])("%s", (argument, place) => {
    expect(parsePlaceArgument(argument)).toEqual(place);
  });
});
