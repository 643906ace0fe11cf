import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { missingTool } from "../../debuginfo/test-support/tools.js";
import type { Lab } from "../../lab/index.js";
import { bootLab } from "../../node/index.js";
import { hasCompiler } from "../../toolchain/test-support/images.js";
import { kernelSource } from "../test-support/kernel-source.js";
import { sourceFolder } from "../test-support/source-folder.js";
import { startWaitingForGdb } from "../test-support/waiting-for-gdb.js";
import { DebugSession, type DebugSessionOptions } from "./debug-session.js";

/** Debian's gdb, in front of a lab: what it says must be what the guest says. */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const execute = promisify(execFile);
const missing = missingTool("gdb", "gdb");

let cache: string;
let lab: Lab;
let session: DebugSession;

async function open(options: Partial<DebugSessionOptions>): Promise<void> {
  lab = await bootLab();
  session = await DebugSession.open(lab, {
    inputs: { modules: [], test: undefined, files: [] },
    section: undefined,
    port: 0,
    runsTestFirst: false,
    // As for a user, whose package has no kernel with all of its debug information.
    vmlinux: [],
    env: { XDG_CACHE_HOME: cache },
    signal: new AbortController().signal,
    show: () => undefined,
    ...options,
  });
}

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), "kspace-cache-"));
});
afterAll(() => rm(cache, { recursive: true }));
afterEach(async () => {
  await session?.[Symbol.asyncDispose]();
  await lab?.close();
});

/** What gdb answers to each of some commands. */
async function gdb(commands: readonly string[], script = session.script): Promise<string[]> {
  const mark = "=====";
  const args = ["-nx", "-q", "-batch", "-iex", "set debuginfod enabled off"];
  args.push("-iex", "set width 0", "-iex", "set confirm off", "-x", script);
  for (const command of commands) args.push("-ex", `echo ${mark}\\n`, "-ex", command);
  // What the lab says comes on the standard error.
  const both = ["-c", 'exec gdb "$@" 2>&1', "sh", ...args];
  const { stdout } = await execute("/bin/sh", both, { timeout: 100_000 });
  const answers = stdout.split(`${mark}\n`).slice(1);
  if (answers.length !== commands.length) throw new Error(`gdb ended early:\n${stdout}`);
  return answers;
}

/** The number of the only line of a source that has a text in it, behind another line. */
function lineOf(source: string, text: string, behind: string): number {
  const lines = source.split("\n");
  const start = lines.findIndex((line) => line.includes(behind));
  const at = lines.findIndex((line, index) => index >= start && line.includes(text));
  if (start < 0 || at < 0) throw new Error(`no ${text} behind ${behind}`);
  return at + 1;
}

function sourceOf(section: string): string {
  return Buffer.from(lab.files.readFile(`student/${section}/hello.c`)).toString();
}

/** What the kernel itself said of who opened the device. */
function openedBy(): { comm: string; pid: string } {
  const said = lab
    .kernelLog()
    .map(({ text }) => /^hello: opened by (.*) \(pid (\d+)\)$/.exec(text));
  const [, comm = "", pid = ""] = said.findLast((match) => match !== null) ?? [];
  return { comm, pid };
}

describe.skipIf(missing)(`gdb${missing ? ` (${missing})` : ""}`, () => {
  it("looks into the frozen section 3", async () => {
    await open({ section: 3, runsTestFirst: true });
    expect(lab.doom?.outcome).toBe("frozen");
    const [backtrace = "", threads = "", lock = "", memory = "", text = "", log = "", source = ""] =
      await gdb([
        "bt",
        "info threads",
        "p/x hello_lock.rlock.raw_lock.val.counter",
        "p hello_mem",
        "p *hello_mem@6",
        "monitor log 1",
        "frame function hello_read",
      ]);
    const frames = backtrace.trim().split("\n");
    const names = frames.map((frame) => /^#\d+\s+(?:0x\w+ in )?(\S+) \(/.exec(frame)?.[1]);
    // It may be an interrupt's first instruction that the machine was stopped at.
    const spinning = names.indexOf("queued_spin_lock_slowpath");
    expect([undefined, "irq_entries_start"]).toContain(names[spinning - 1]);
    expect(names.slice(spinning, spinning + 5)).toEqual([
      "queued_spin_lock_slowpath",
      "queued_spin_lock",
      "do_raw_spin_lock",
      "__raw_spin_lock",
      "_raw_spin_lock",
    ]);
    expect(names).toContain("vfs_read");
    expect(names.slice(-3)).toEqual(["do_SYSENTER_32", "entry_SYSENTER_32", "??"]);
    const line = lineOf(sourceOf("3-locking"), "spin_lock(&hello_lock)", "hello_read(");
    expect(frames[names.indexOf("hello_read")]).toContain(`hello.c:${line}`);
    expect(source).toContain("spin_lock");

    const { comm, pid } = openedBy();
    expect(threads).toContain(`(CPU#0, ${comm} ${pid})`);
    expect(log).toContain(`hello: opened by ${comm} (pid ${pid})`);

    // The word itself, out of the machine's memory.
    const [, address = ""] = /^\$\d+ = (0x\w+) "hello"/.exec(memory) ?? [];
    expect(Buffer.from(lab.machine.readVirtual(BigInt(address), 6)).toString()).toBe("hello\0");
    expect(text.trim()).toMatch(/^\$\d+ = "hello"$/);
    expect(lock.trim()).toMatch(/^\$\d+ = 0x1(?:01)?$/);
  });

  it("goes through hello_write as it runs", async () => {
    await open({ section: 2 });
    const source = sourceOf("2-fops");
    const [
      ,
      stop = "",
      backtrace = "",
      before = "",
      ,
      atLock = "",
      ,
      taken = "",
      finished = "",
      after = "",
      text = "",
    ] = await gdb([
      "break hello_write",
      "continue",
      "bt 2",
      "p/x hello_lock.rlock.raw_lock.val.counter",
      "next",
      "info source",
      "next",
      "p/x hello_lock.rlock.raw_lock.val.counter",
      "finish",
      "p/x hello_lock.rlock.raw_lock.val.counter",
      "p *hello_mem@6",
      "delete",
      "detach",
    ]);
    const { comm, pid } = openedBy();
    expect({ comm, isPid: Number(pid) > 1 }).toEqual({ comm: "a.out", isPid: true });
    const first = lineOf(source, "count > HELLO_MEMSIZ", "hello_write(");
    expect(stop).toMatch(/Breakpoint 1, hello_write \(.*buf=0x\w+ "hello", count=6, /);
    expect(stop).toContain(`hello.c:${first}\n${first}\t`);
    expect(backtrace).toMatch(/^#1 +0x\w+ in vfs_write \(/m);
    expect(atLock).toContain(`/2-fops/hello.c`);
    expect([before, taken, after].map((value) => value.trim().split(" = ")[1])).toEqual([
      "0x0",
      "0x1",
      "0x0",
    ]);
    expect(finished).toContain("Value returned is $3 = 6");
    expect(text).toContain('"hello"');
    // gdb has gone, and the test goes on to its end.
    const { stdout } = await lab.sh("cat /dev/hello");
    expect(Buffer.from(stdout).toString()).toBe("hello\0");
    expect(lab.doom).toBeUndefined();
  });

  it.skipIf(!hasCompiler())("finds the sources of what was built for it", async () => {
    const source = readFileSync(kernelSource("course/hello-fops.c"), "utf8");
    await using sources = await sourceFolder({
      // Further down than in the course's own module.
      "hello.c": `\n\n\n${source}`,
      "hello-test.c": readFileSync(kernelSource("course/hello-test.c"), "utf8"),
    });
    const [module, test] = [sources.file("hello.c"), sources.file("hello-test.c")];
    using waiting = await startWaitingForGdb(module, "--test", test);
    const [, stop = "", , next = ""] = await gdb(
      ["break hello_write", "continue", "info source", "next", "kill"],
      waiting.script,
    );
    const first = lineOf(source, "count > HELLO_MEMSIZ", "hello_write(") + 3;
    // Who knows the kernel's calls, too, knows what it was called with.
    expect(stop).toMatch(/Breakpoint 1, hello_write \(.*buf=(?:buf@entry=)?0x\w+ "hello", /);
    expect(stop).toContain(`at ${module}:${first}\n${first}\t`);
    expect(next).toMatch(/^\d+\t\s*spin_lock\(&hello_lock\);$/m);
    expect(await waiting.result).toMatchObject({ status: 0 });
    expect(existsSync(waiting.script)).toBe(false);
  });

  it("watches a variable", async () => {
    await open({ section: 2 });
    const answers = await gdb(["break hello_write", "continue", "watch hello_len", "continue"]);
    expect(answers[2]).toMatch(/^Watchpoint 2: hello_len$/m);
    expect(answers[3]).toMatch(/Watchpoint 2: hello_len\n\nOld value = 0\nNew value = 6\n/);
    expect(answers[3]).toContain("hello.c:");
  });

  it("is told of a freeze while the guest runs, and takes it back", async () => {
    await open({ section: 3 });
    const [stop = "", autopsy = "", restored = "", , again = ""] = await gdb([
      "continue",
      "monitor autopsy",
      "monitor restore",
      "break hello_read",
      "continue",
      "detach",
    ]);
    expect(stop).toContain("wrote 6 bytes\n[The machine is frozen.]\n");
    expect(stop).toContain("Program received signal SIGSTOP");
    const source = sourceOf("3-locking");
    const waits = lineOf(source, "spin_lock(&hello_lock)", "hello_read(");
    const takes = lineOf(source, "spin_lock(&hello_lock)", "hello_write(");
    expect(autopsy).toContain(`\`hello_read()\` at \`hello.c:${waits}\``);
    expect(autopsy).toContain(`\`hello_write()\` at \`hello.c:${takes}\``);
    expect(restored).toContain("./a.out begins anew when the guest goes on.");
    expect(again).toContain(`hello.c:${waits}`);
  });

  it("sees through interrupts and panics", async () => {
    await open({});
    const [, , interrupt = "", , , , panic = ""] = await gdb([
      // The timer's, in front of its first instruction.
      "break *(irq_entries_start + 0x10 * 8)",
      "continue",
      "bt -6",
      "delete",
      "monitor run echo c > /proc/sysrq-trigger",
      "continue",
      "bt",
    ]);
    expect(interrupt).toContain("in rest_init () at init/main.c:");
    const names = panic
      .split("\n")
      .map((frame) => /^#\d+\s+(?:0x\w+ in )?(\S+) \(/.exec(frame)?.[1]);
    const expected = ["panic", "sysrq_handle_crash", "__handle_sysrq", "write_sysrq_trigger"];
    expect(names.filter((name) => name !== undefined && expected.includes(name))).toEqual(expected);
    expect(names).toContain("entry_SYSENTER_32");
  });
});
