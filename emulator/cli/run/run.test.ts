import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Fixtures, makeFixtures } from "../test-support/fixtures.js";
import { kspace } from "../test-support/run-cli.js";
import type { RunJson } from "./report-json.js";

/** `kspace run` on the real image. */

let fixtures: Fixtures;
beforeAll(async () => {
  fixtures = await makeFixtures();
});
afterAll(() => fixtures[Symbol.asyncDispose]());

/** The number of the line of a function that has this code. */
function lineIn(source: string, name: string, code: string): number {
  const lines = source.split("\n");
  const start = lines.findIndex((line) => new RegExp(`^\\w.*\\b${name}\\(`).test(line));
  const found = lines.findIndex((line, index) => index > start && line.includes(code));
  if (start < 0 || found < 0) throw new Error(`There is no ${code} in ${name}().`);
  return found + 1;
}

const file = (name: string): string => join(fixtures.folder, name);

async function runJson(...args: string[]): Promise<{ status: number; json: RunJson }> {
  const { status, stdout, stderr } = await kspace(["run", "--json", ...args]);
  expect(stderr).toBe("");
  return { status, json: JSON.parse(stdout) };
}

describe("a run that goes well", () => {
  it("loads, tests and unloads, and says it in JSON", async () => {
    const { status, json } = await runJson(file("2-fops/hello.ko"), "--test", file("2-fops/a.out"));
    expect(status).toBe(0);
    expect(json).toMatchObject({
      engine: expect.stringMatching(/^v86@/),
      arch: "i686",
      kernel: expect.stringMatching(/^6\.1\..*-kspace$/),
      outcome: "ok",
      freeze: null,
      timings: { startMs: expect.any(Number), totalMs: expect.any(Number) },
    });
    const step = (command: string, stdout: string): object => ({
      command,
      outcome: "exited",
      exitCode: 0,
      signal: null,
      stdout,
      stderr: "",
      ms: expect.any(Number),
    });
    expect(json.steps).toEqual([
      step("insmod ./hello.ko", ""),
      step("./a.out", "wrote 6 bytes\nread 6 bytes: hello\n"),
      step("rmmod hello", ""),
    ]);
    expect(json.kernelLog.map(({ text }) => text)).toEqual([
      "hello: loading out-of-tree module taints kernel.",
      "hello: loaded: read and write /dev/hello",
      expect.stringMatching(/^hello: opened by a\.out \(pid \d+\)$/),
      "hello: unloaded",
    ]);
    expect(json.kernelLog.at(-1)).toEqual({
      seconds: expect.any(Number),
      level: 6, // pr_info
      text: "hello: unloaded",
    });
  });

  it("prints a transcript without escape codes into a pipe", async () => {
    const { status, stdout, stderr } = await kspace([
      "run",
      file("2-fops/hello.ko"),
      "--test",
      file("2-fops/a.out"),
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const timeless = stdout
      .replace(/^\[ *\d+\.\d{6}\]/gm, "[time]")
      .replace(/in \d+(\.\d)? m?s$/m, "in TIME")
      .replace(/pid \d+/, "pid N");
    expect(timeless).toBe(
      `# insmod ./hello.ko
[time] hello: loading out-of-tree module taints kernel.
[time] hello: loaded: read and write /dev/hello
# ./a.out
wrote 6 bytes
read 6 bytes: hello
[time] hello: opened by a.out (pid N)
# rmmod hello
[time] hello: unloaded

ok in TIME
`,
    );
  });

  it("loads in order with parameters, brings files along, and unloads in reverse", async () => {
    const script = await fixtures.write(
      "test.sh",
      '#!/bin/sh\necho "args: $*"\ncat data/input.txt; printf "\\377\\n"; id -u; echo oh >&2\n',
    );
    const input = await fixtures.write("input.txt", "from the host\n");
    const { status, json } = await runJson(
      file("provider.ko"),
      file("consumer.ko"),
      `${file("with_params.ko")},number=7,list=1,2,3,text="a, b = c"`,
      "--file",
      `${input}:data/`,
      "--test",
      script,
      "one two",
      "--",
      "--json",
    );
    expect(json.steps.map(({ command }) => command)).toEqual([
      "insmod ./provider.ko",
      "insmod ./consumer.ko",
      "insmod ./with_params.ko number=7 list=1,2,3 'text=a, b = c'",
      "./test.sh 'one two' --json",
      "rmmod with_params",
      "rmmod consumer",
      "rmmod provider",
    ]);
    expect(json.steps[3]).toMatchObject({
      // The byte 0xff is no UTF-8; root is user 0.
      stdout: "args: one two --json\nfrom the host\n\ufffd\n0\n",
      stderr: "oh\n",
    });
    const log = json.kernelLog.map(({ text }) => text);
    expect(log).toContain("consumer: the answer is 42");
    expect(log).toContain('with_params: number=7 text="a, b = c" flag=0');
    expect(log).toContain("with_params: list[2]=3");
    expect(status).toBe(0);
  });
});

describe("what a module or a program does wrong", () => {
  it("tells a freeze, and where it is", async () => {
    const { status, json } = await runJson(
      file("3-locking/hello.ko"),
      "--test",
      file("3-locking/a.out"),
    );
    expect(status).toBe(1);
    expect(json.outcome).toBe("frozen");
    expect(json.steps.map(({ command }) => command)).toEqual(["insmod ./hello.ko", "./a.out"]);
    expect(json.steps[1]).toMatchObject({
      outcome: "frozen",
      exitCode: null,
      signal: null,
      stdout: "wrote 6 bytes\n",
    });
    expect(json.freeze).toEqual({
      reason: "spinning-on-lock",
      guestMs: expect.any(Number),
      instructionPointer: expect.stringMatching(/^0xc[0-9a-f]{7}$/),
      symbol: expect.stringMatching(/^(native_)?queued_spin_lock_slowpath\+0x[0-9a-f]+$/),
      autopsy: expect.any(Object),
      holder: expect.any(Object),
    });
    // What the source says, and the guest.
    const source = await readFile(file("3-locking/hello.c"), "utf8");
    const pid = Number(/pid (\d+)/.exec(json.kernelLog.at(-1)?.text ?? "")?.[1]);
    const acquired = lineIn(source, "hello_write", "spin_lock(&hello_lock);");
    const waiting = lineIn(source, "hello_read", "spin_lock(&hello_lock);");
    expect(json.freeze?.autopsy).toMatchObject({
      finding: {
        kind: "spinning-on-lock",
        lock: { name: "hello_lock", module: "hello", type: "spinlock_t" },
        waiting: { function: "hello_read", line: waiting },
      },
      task: { command: "a.out", pid, systemCall: "read" },
      blocked: [],
    });
    expect(json.freeze?.autopsy).not.toHaveProperty("holder");
    expect(json.freeze?.holder).toMatchObject({
      kind: "known",
      task: { command: "a.out", pid, systemCall: "write" },
      acquired: { function: "hello_write", line: acquired, excerpt: { markedLine: acquired } },
      waiting: { function: "hello_read", line: waiting, excerpt: { markedLine: waiting } },
    });
    const symbols = json.freeze?.autopsy?.frames.map(({ symbol }) => symbol);
    expect(symbols).toEqual(expect.arrayContaining(["hello_read", "vfs_read", "ksys_read"]));
  });

  it("explains a freeze: both lines of the source, the holder, the stack, the evidence", async () => {
    const { status, stdout } = await kspace([
      "run",
      file("3-locking/hello.ko"),
      "--test",
      file("3-locking/a.out"),
    ]);
    expect(status).toBe(1);
    const source = await readFile(file("3-locking/hello.c"), "utf8");
    const acquired = lineIn(source, "hello_write", "spin_lock(&hello_lock);");
    const waiting = lineIn(source, "hello_read", "spin_lock(&hello_lock);");
    const told = stdout.slice(stdout.indexOf("\nfrozen in "));
    expect(told.replace(/\n(?=\S)/g, " ")).toMatch(
      new RegExp(
        "`hello_lock` was acquired in `hello_write\\(\\)` at " +
          `\`hello\\.c:${acquired}\` by \`a\\.out\` \\(pid \\d+\\) and never released; ` +
          `\`hello_read\\(\\)\` at \`hello\\.c:${waiting}\` has been waiting for it since\\.`,
      ),
    );
    expect(told).toContain(`\n➤ ${acquired}  \tspin_lock(&hello_lock);\n`);
    expect(told).toContain(`\n➤ ${waiting}  \tspin_lock(&hello_lock);\n`);
    expect(told).toMatch(/\nTrace:\n(.*\n)* {2}hello_read\+0x[0-9a-f]+ \[hello\]/);
    expect(told).toMatch(/\nEvidence:\n- /);
    expect(told).not.toContain("\x1b");
  });

  it("tells who is blocked when a test runs into its time limit, and who has the lock", async () => {
    const script = await fixtures.write(
      "blocks.sh",
      // A shell of the script keeps the device open, and its cat waits for the mutex.
      "#!/bin/sh\n(exec 3</dev/mutex_hold; exec sleep 1000) & sleep 1; cat /dev/mutex_hold\n",
    );
    const args = ["--timeout", "4", file("mutex_hold.ko"), "--test", script];
    const { json } = await runJson(...args);
    expect(json.outcome).toBe("timeout");
    expect(json.steps[1]?.blocked).toMatchObject([
      {
        task: { command: "cat" },
        waitingFor: { kind: "lock", lock: { name: "mutex" }, holder: { kind: "known" } },
      },
    ]);
    const { stdout } = await kspace(["run", ...args]);
    expect(stdout).toContain("./blocks.sh did not end within 4 s of the guest's time.");
    expect(stdout).toMatch(/\n`cat` \(pid \d+\) sleeps in `mutex_hold_open\(\)`/);
    expect(stdout).toMatch(/\nAcquired by `blocks\.sh` \(pid \d+\) in `mutex_hold_open\(\)`\n/);
  });

  it("tells an oops, and leaves the module loaded", async () => {
    const { status, stdout } = await kspace([
      "run",
      file("4-debugging/hello.ko"),
      "--test",
      file("4-debugging/a.out"),
    ]);
    expect(status).toBe(1);
    const message =
      "usercopy: Kernel memory overwrite attempt detected to null address (offset 0, size 6)!";
    expect(stdout).toMatch(/^\[ *\d+\.\d+\] {2}hello_write\+0x[0-9a-f]+\/0x[0-9a-f]+ \[hello\]$/m);
    expect(stdout).toContain("\noops in ");
    expect(stdout).toContain(`./a.out was killed by SIGSEGV when the kernel oopsed: ${message}\n`);
    expect(stdout).not.toContain("# rmmod");
  });

  it("tells a panic", async () => {
    const { status, json } = await runJson(file("panic_now.ko"));
    expect([status, json.outcome]).toEqual([1, "panic"]);
    expect(json.kernelLog.map(({ text }) => text)).toContain(
      "Kernel panic - not syncing: panic_now: asked for",
    );
  });

  it("tells a machine that resets itself", async () => {
    const { status, json } = await runJson(file("reboot_now.ko"));
    expect([status, json.outcome]).toEqual([1, "dead"]);
  });

  it("names the symbol that a module misses, and unloads those before it", async () => {
    const { status, stdout } = await kspace([
      "run",
      file("provider.ko"),
      file("unknown_symbol.ko"),
      "--test",
      file("2-fops/a.out"),
    ]);
    expect(status).toBe(1);
    expect(stdout).toContain("\nfailed in ");
    expect(stdout).toContain(
      "insmod ./unknown_symbol.ko needs the symbol nobody_exports_this, which neither the kernel",
    );
    expect(stdout).toContain("\n# rmmod provider\n");
    expect(stdout).not.toContain("# ./a.out");
  });

  it("tells a test's own exit status, and unloads", async () => {
    const script = await fixtures.write("fails.sh", "#!/bin/sh\nexit 3\n");
    const { status, json } = await runJson(file("1-load/hello.ko"), "--test", script);
    expect([status, json.outcome]).toEqual([1, "failed"]);
    expect(json.steps[1]).toMatchObject({ outcome: "exited", exitCode: 3 });
    expect(json.steps[2]).toMatchObject({ command: "rmmod hello", exitCode: 0 });
  });

  it("tells the signal that a test dies by", async () => {
    const script = await fixtures.write("dies.sh", "#!/bin/sh\nkill -ABRT $$\n");
    const { status, json } = await runJson(file("1-load/hello.ko"), "--test", script);
    expect([status, json.outcome]).toEqual([1, "failed"]);
    expect(json.steps[1]).toMatchObject({ outcome: "signaled", exitCode: null, signal: "SIGABRT" });
  });

  it("ends a test that runs past its timeout", async () => {
    const script = await fixtures.write("hangs.sh", "#!/bin/sh\necho before\nexec sleep 1000\n");
    const { status, json } = await runJson(
      "--timeout",
      "0.5",
      file("1-load/hello.ko"),
      "--test",
      script,
    );
    expect([status, json.outcome]).toEqual([1, "timeout"]);
    expect(json.steps[1]).toMatchObject({ outcome: "timeout", stdout: "before\n" });
    expect(json.steps[1]?.ms).toBeGreaterThanOrEqual(500);
    expect(json.steps[2]).toMatchObject({ command: "rmmod hello", exitCode: 0 });
  });

  it("ends a test that prints without end", async () => {
    const script = await fixtures.write("prints.sh", "#!/bin/sh\nexec cat /dev/zero\n");
    const { status, stdout } = await kspace(["run", file("1-load/hello.ko"), "--test", script]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/\n\nfailed in .*\n.*\/prints\.sh was killed for printing more than/);
  });
});

describe("input that cannot be used", () => {
  const refused = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await kspace(["run", ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    return stderr;
  };

  it("refuses files that are no modules for this kernel", async () => {
    const hello = await readFile(file("2-fops/hello.ko"));
    const vermagic = "vermagic=6.1.";
    const otherKernel = Buffer.from(hello);
    otherKernel.write("vermagic=6.0.", otherKernel.indexOf(vermagic), "latin1");
    const otherMachine = Buffer.from(hello);
    otherMachine.writeUInt16LE(62, 18); // e_machine: EM_X86_64

    expect(await refused(file("2-fops/Makefile"))).toMatch(
      /^kspace: .*Makefile is no kernel module/,
    );
    expect(await refused(file("2-fops/a.out"))).toContain("but no kernel module");
    expect(await refused(await fixtures.write("other-kernel.ko", otherKernel))).toMatch(
      /was built for another kernel.*\n {2}expected vermagic: 6\.1\..*\n {2}found: +6\.0\./,
    );
    expect(await refused(await fixtures.write("other-machine.ko", otherMachine))).toContain(
      "was built for x86-64, and this guest is i386",
    );
    expect(await refused(await fixtures.write("cut.ko", hello.subarray(0, 2000)))).toContain(
      "The ELF file is cut off",
    );
  });

  it("refuses a test that the guest cannot run", async () => {
    const hello = file("1-load/hello.ko");
    const text = await fixtures.write("text", "echo hello\n", 0o755);
    const lost = await fixtures.write("lost.sh", "#!/usr/bin/nothing\n");
    expect(await refused(hello, "--test", process.execPath)).toContain("static i386 programs");
    expect(await refused(hello, "--test", text)).toContain("text cannot be run:");
    const { status, stderr } = await kspace(["run", hello, "--test", lost]);
    expect(status).toBe(2);
    expect(stderr).toContain("lost.sh could not be started in the guest: ENOENT");
  });

  it("refuses files that are not there before it starts a guest", async () => {
    const hello = file("1-load/hello.ko");
    expect(await refused(file("no.ko"))).toBe(
      `kspace: ${file("no.ko")} cannot be read: there is no such file.\n`,
    );
    expect(await refused(file("no.c"))).toContain("no.c cannot be read: there is no such file");
    expect(await refused(fixtures.folder)).toContain("cannot be read: it is a folder");
    expect(await refused(hello, "--test", file("no"))).toContain("there is no such file");
    expect(await refused(hello, "--file", file("no"))).toContain("there is no such file");
    expect(await refused(hello, file("2-fops/hello.ko"))).toContain(
      "would both be /home/student/hello.ko in the guest",
    );
    expect(await refused(hello, "--file", `${hello}:/nowhere/x`)).toContain(
      "cannot be copied to /nowhere/x in the guest",
    );
  });

  it.each([
    [[], "missing required argument 'modules'"],
    [["a.ko", "--tset", "x"], "unknown option '--tset'\n(Did you mean --test?)"],
    [["a.ko", "--timeout", "soon"], "It must be a number of seconds above 0."],
    [["a.ko", "--timeout", "-1"], "It must be a number of seconds above 0."],
    [["a.ko", "--test"], "--test needs a program"],
    [["a.ko,flag"], "is no module parameter"],
    [["a.ko", "--file", "x:"], "names no place in the guest"],
  ])("refuses the arguments %j", async (args, message) => {
    expect(await refused(...args)).toContain(message);
  });
});
