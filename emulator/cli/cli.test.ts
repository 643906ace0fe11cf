import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readModuleInfo } from "../debuginfo/index.js";
import { bootLab } from "../node/index.js";
import { hasCompiler } from "../toolchain/test-support/images.js";
import { runCli } from "./cli.js";
import { type Fixtures, makeFixtures } from "./test-support/fixtures.js";
import { kspace } from "./test-support/run-cli.js";
import { ended, spawnKspace, startKspace } from "./test-support/spawn-kspace.js";
import { TextRecorder } from "./test-support/text-recorder.js";

/** The command as a process: help, exit statuses, signals, pipes. */

describe("help", () => {
  it.each([
    [
      ["--help"],
      [
        "serve",
        "course",
        "run",
        "build",
        "cc",
        "shell",
        "decode",
        "list",
        "Exit status",
        "NO_COLOR",
      ],
    ],
    [
      ["serve", "--help"],
      ["--port", "--open", "Examples:", "Exit status"],
    ],
    [
      ["course", "--help"],
      ["--json", "Examples:", "Exit status"],
    ],
    [
      ["run", "--help"],
      ["--test", "--file", "--timeout", "--json", "Examples:", "Exit status"],
    ],
    [
      ["build", "--help"],
      ["--output", "--json", "Makefile", "Examples:", "Exit status"],
    ],
    [
      ["cc", "--help"],
      ["--output", "--json", "Examples:", "Exit status"],
    ],
    [
      ["shell", "--help"],
      ["Ctrl-]", "Examples:", "Exit status"],
    ],
    [
      ["decode", "--help"],
      ["--vmlinux", "--module", "--json", "Examples:", "Exit status"],
    ],
    [
      ["list", "--help"],
      ["--vmlinux", "--module", "Examples:", "Exit status"],
    ],
  ])("%j", async (args, words) => {
    const { status, stdout, stderr } = await kspace(args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    for (const word of words) expect(stdout).toContain(word);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("--version is the package's", async () => {
    const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
    const { status, stdout } = await kspace(["--version"]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${JSON.parse(manifest).version}\n` });
  });

  it.each([
    [[], "Usage: kspace"],
    [["curse"], "kspace: unknown command 'curse'\n(Did you mean course?)"],
    [["--nonsense"], "kspace: unknown option '--nonsense'"],
    [["course", "extra"], "too many arguments"],
  ])("%j is bad usage", async (args, message) => {
    const { status, stdout, stderr } = await kspace(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});

it("says which image is missing", async () => {
  const stdout = new TextRecorder();
  const stderr = new TextRecorder();
  const status = await runCli(["course"], {
    stdin: Readable.from([]),
    stdout,
    stderr,
    env: {},
    signal: new AbortController().signal,
    bootLab: (options) => bootLab({ ...options, imagesFolder: "/nowhere" }),
  });
  expect({ status, stdout: stdout.text }).toEqual({ status: 1, stdout: "" });
  expect(stderr.text).toMatch(/^kspace: images\/manifest\.json cannot be read: .*\/nowhere/);
});

describe("as a process", () => {
  let fixtures: Fixtures;
  let hello: string;
  beforeAll(async () => {
    fixtures = await makeFixtures();
    hello = join(fixtures.folder, "1-load/hello.ko");
  });
  afterAll(() => fixtures[Symbol.asyncDispose]());

  it("takes relative paths, and arguments behind --test", async () => {
    const test = ["run", "hello.ko", "--test", "./a.out", "-v", "--", "--json"];
    const { status, stdout, stderr } = await spawnKspace(test, {
      cwd: join(fixtures.folder, "2-fops"),
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("# ./a.out -v --json\nwrote 6 bytes\nread 6 bytes: hello\n");
    expect(stdout).not.toContain("\x1b");
  });

  it("draws with FORCE_COLOR into a pipe", async () => {
    const { status, stdout } = await spawnKspace(["run", hello], { env: { FORCE_COLOR: "1" } });
    expect(status).toBe(0);
    expect(stdout).toContain("\x1b[1m# insmod ./hello.ko\x1b[22m\n");
  });

  it.skipIf(!hasCompiler())("builds into the folder that it is called in", async () => {
    const cwd = join(fixtures.folder, "2-fops");
    const { status, stdout } = await spawnKspace(["build", "hello.c", "-o", "mine.ko"], { cwd });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^mine\.ko: built in \d/);
    expect(readModuleInfo(readFileSync(join(cwd, "mine.ko")))?.name).toBe("mine");
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("ends by %s with status %d while a test runs", async (signal, status) => {
    const script = await fixtures.write("hangs.sh", "#!/bin/sh\necho before\nexec sleep 1000\n");
    const child = startKspace(["run", hello, "--test", script]);
    const result = ended(child);
    let seen = "";
    while (!seen.includes("before\n")) seen += String((await once(child.stdout, "data"))[0]);
    child.kill(signal);
    expect(await result).toMatchObject({ status, signal: null, stderr: "" });
  });

  it("ends by SIGINT while the kernel spins", async () => {
    const child = startKspace(["run", join(fixtures.folder, "spin_forever.ko")]);
    const result = ended(child);
    await once(child.stdout, "data"); // "# insmod": the guest runs.
    child.kill("SIGINT");
    expect(await result).toMatchObject({ status: 130, stderr: "" });
  });

  it("ends without a word when nobody reads its output any more", async () => {
    const script = await fixtures.write("prints.sh", "#!/bin/sh\nexec yes\n");
    const child = startKspace(["run", hello, "--test", script]);
    const [first] = await once(child.stdout, "data");
    expect(String(first)).toContain("# insmod");
    let stderr = "";
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    child.stdout.destroy();
    const [status] = await once(child, "close");
    expect({ status, stderr }).toEqual({ status: 141, stderr: "" });
  });
});
