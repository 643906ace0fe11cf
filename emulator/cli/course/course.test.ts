import { describe, expect, it } from "vitest";
import { Interrupted } from "../interrupt.js";
import { kspace } from "../test-support/run-cli.js";
import type { CourseJson } from "./report-json.js";

/** `kspace course` on the real image. What is expected is in the course's text. */

const USERCOPY =
  "usercopy: Kernel memory overwrite attempt detected to null address (offset 0, size 6)!";

describe("kspace course --json", () => {
  it("does all four sections as the course says", async () => {
    const { status, stdout, stderr } = await kspace(["course", "--json"]);
    const course: CourseJson = JSON.parse(stdout);
    expect(course.sections.flatMap(({ problems }) => problems)).toEqual([]);
    expect({ status, stderr, ok: course.ok }).toEqual({ status: 0, stderr: "", ok: true });
    expect(course).toMatchObject({
      engine: expect.stringMatching(/^v86@/),
      arch: "i686",
      kernel: expect.stringMatching(/^6\.1\..*-kspace$/),
      timings: { startMs: expect.any(Number), totalMs: expect.any(Number) },
    });
    const [load, fops, locking, debugging] = course.sections;

    expect(load).toMatchObject({ id: "1-load", ok: true });
    expect(load?.steps.map(({ command }) => command)).toEqual([
      "cd ~/1-load",
      "sudo insmod ./hello.ko",
      "ls -l /dev/hello",
      "sudo rmmod hello",
      "dmesg | tail",
    ]);
    expect(load?.steps[4]?.stdout).toMatch(/hello: loaded: .*\n.*hello: unloaded\n$/);

    expect(fops).toMatchObject({ id: "2-fops", ok: true });
    expect(fops?.steps[2]).toMatchObject({
      command: "./a.out",
      outcome: "exited",
      exitCode: 0,
      stdout: "wrote 6 bytes\nread 6 bytes: hello\n",
    });

    expect(locking).toMatchObject({ id: "3-locking", ok: true });
    expect(locking?.freeze).toMatchObject({
      reason: "spinning-on-lock",
      symbol: expect.stringContaining("queued_spin_lock_slowpath+0x"),
      autopsy: { finding: { kind: "spinning-on-lock", lock: { name: "hello_lock" } } },
      holder: { acquired: { function: "hello_write" }, waiting: { function: "hello_read" } },
    });
    expect(locking?.steps.find(({ outcome }) => outcome === "frozen")).toMatchObject({
      command: "./a.out",
      exitCode: null,
      signal: null,
      stdout: "wrote 6 bytes\n",
    });
    expect(locking?.steps.at(-1)?.stdout).toBe("hello_write() keeps the lock\n");
    expect(locking?.rescueMs).toBeLessThan(5000);

    expect(debugging).toMatchObject({ id: "4-debugging", ok: true });
    expect(debugging?.freeze).toBeUndefined();
    expect(debugging?.steps.find(({ outcome }) => outcome === "oops")).toMatchObject({
      command: "./a.out",
      exitCode: null,
      signal: "SIGSEGV",
      stdout: "",
    });
    const log = debugging?.kernelLog.map(({ text }) => text) ?? [];
    expect(log).toContain(USERCOPY);
    expect(log.join("\n")).toMatch(/^ hello_write\+0x[0-9a-f]+\/0x[0-9a-f]+ \[hello\]$/m);
  });
});

describe("kspace course", () => {
  it("prints the session with what the kernel really said", async () => {
    const { status, stdout, stderr } = await kspace(["course"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    // In this order, and nothing of it drawn with escape codes.
    const lines = [
      "real kernel, and a 32-bit one",
      "1. Loading and unloading a module ──",
      "student@kspace:~/1-load$ sudo insmod ./hello.ko\n[",
      "✓ Section 1 went as the course says",
      "2. The file abstraction ──",
      "student@kspace:~/2-fops$ ./a.out\nwrote 6 bytes\nread 6 bytes: hello\n[",
      "3. Locking ──",
      "\n-\tspin_unlock(&hello_lock);\n",
      "The machine is frozen: it spins for a lock that nobody can release.\n",
      "queued_spin_lock_slowpath+0x",
      "`hello_lock` was acquired in `hello_write()` at `hello.c:",
      "\nAcquired by `a.out` (pid ",
      "  \tspin_lock(&hello_lock);\n",
      "\nWaited for by `a.out` (pid ",
      "  \tspin_lock(&hello_lock);\n",
      "The machine is back: it answered after ",
      "4. Debugging ──",
      "\n-\thello_mem = kmalloc(HELLO_MEMSIZ, GFP_KERNEL);\n",
      `] ${USERCOPY}\n`,
      "\nSegmentation fault\n",
      "]  hello_write+0x",
      "4 of 4 sections went as the course says",
    ];
    let from = 0;
    for (const line of lines) {
      const at = stdout.indexOf(line, from);
      expect(at, `${JSON.stringify(line)} in:\n${stdout.slice(from)}`).toBeGreaterThanOrEqual(0);
      from = at + line.length;
    }
    expect(stdout).not.toContain("\x1b");
  });

  it("stops when it is interrupted", async () => {
    const signal = AbortSignal.abort(new Interrupted("SIGINT"));
    const { status, stderr } = await kspace(["course"], signal);
    expect({ status, stderr }).toEqual({ status: 130, stderr: "" });
  });
});
