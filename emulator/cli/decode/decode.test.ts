import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ReportJson } from "../../lab/index.js";
import type { RunJson } from "../run/report-json.js";
import { type Fixtures, makeFixtures } from "../test-support/fixtures.js";
import { kspace } from "../test-support/run-cli.js";
import { spawnKspace } from "../test-support/spawn-kspace.js";

/** The course's own paste of a session on a 64-bit kernel of Debian 10. */
const COURSE_TRACE = fileURLToPath(
  new URL("../../reports/corpus/usercopy/course-4.19.log", import.meta.url),
);
const HEALTHY =
  "[    0.000000] Linux version 6.1.0-13-amd64 (gcc-12)\n[    0.1] BUG_ON is a macro\n";

let fixtures: Fixtures;
beforeAll(async () => {
  fixtures = await makeFixtures();
});
afterAll(() => fixtures[Symbol.asyncDispose]());

async function decodeJson(args: readonly string[], input = ""): Promise<ReportJson[]> {
  const { status, stdout, stderr } = await kspace(["decode", "--json", ...args], undefined, input);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout);
}

/** The log of the lab's own section 4, as `dmesg` shows it. */
async function sectionFourLog(): Promise<string> {
  const folder = join(fixtures.folder, "4-debugging");
  const run = ["run", join(folder, "hello.ko"), "--test", join(folder, "a.out"), "--", "--json"];
  const { stdout } = await kspace(["run", "--json", ...run.slice(1, -1)]);
  const { kernelLog }: RunJson = JSON.parse(stdout);
  return kernelLog
    .map(({ seconds, text }) => `[${seconds.toFixed(6).padStart(12)}] ${text}\n`)
    .join("");
}

describe("kspace decode --json", () => {
  it("finds the one report of the course's own trace, and that its end is cut off", async () => {
    const [report, ...others] = await decodeJson([COURSE_TRACE]);
    expect(others).toEqual([]);
    expect(report).toMatchObject({
      kind: "usercopy",
      title: "BUG: bad usercopy in hello_write",
      arch: "x86-64",
      culprit: "hello_write+0x35/0x60 [hello]",
      corrupted: expect.stringContaining("end is cut off"),
    });
    expect(report?.frames.map(({ symbol }) => symbol)).toEqual([
      "__check_object_size.cold.2",
      "hello_write",
      "vfs_write",
      "ksys_write",
      "do_syscall_64",
      "entry_SYSCALL_64_after_hwframe",
    ]);
    // It is of another kernel than the lab's: no line of the lab's may be given for it.
    expect(report?.frames.flatMap(({ locations }) => locations)).toEqual([]);
  });

  it("traces the lab's own section 4 to the line that calls copy_from_user()", async () => {
    const log = await sectionFourLog();
    const folder = join(fixtures.folder, "4-debugging");
    const [report, ...others] = await decodeJson(["--module", join(folder, "hello.ko")], log);
    expect(others).toEqual([]);
    const source = readFileSync(join(folder, "hello.c"), "utf8").split("\n");
    const line = 1 + source.findIndex((text) => text.includes("copy_from_user(hello_mem"));
    const culprit = report?.frames.find(({ symbol }) => symbol === "hello_write");
    expect(culprit?.locations.at(-1)).toMatchObject({ function: "hello_write", line });
    expect(culprit?.locations.at(-2)).toMatchObject({
      function: "copy_from_user",
      file: "include/linux/uaccess.h",
    });
    const abort = report?.frames.find(({ symbol }) => symbol === "usercopy_abort");
    expect(abort?.locations[0]).toMatchObject({ file: "mm/usercopy.c" });
    const { lines } = report ?? {};
    expect(log.split("\n")[(lines?.[0] ?? 0) - 1]).toContain("usercopy: ");
  });

  it("knows the course's own modules, whichever section's it was", async () => {
    const [report] = await decodeJson([], await sectionFourLog());
    const culprit = report?.frames.find(({ symbol }) => symbol === "hello_write");
    expect(culprit?.locations.at(-1)).toMatchObject({
      function: "hello_write",
      file: "/home/student/4-debugging/hello.c",
    });
    expect(report?.sentence).toContain("`hello_mem` was never allocated");
  });

  it("decodes nothing with a module of another build, and says nothing wrong", async () => {
    const log = await sectionFourLog();
    const other = join(fixtures.folder, "1-load/hello.ko");
    const [report] = await decodeJson(["--module", other], log);
    const culprit = report?.frames.find(({ symbol }) => symbol === "hello_write");
    expect(culprit?.locations).toEqual([]);
  });

  it("finds nothing in a healthy log", async () => {
    expect(await decodeJson([], HEALTHY)).toEqual([]);
  });
});

describe("kspace decode", () => {
  it("prints what happened, the trace, and what is missing to know more", async () => {
    const { status, stdout, stderr } = await kspace(["decode", COURSE_TRACE]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    for (const part of [
      "BUG: bad usercopy in hello_write\n",
      "Incomplete: ",
      "➤ hello_write+0x35/0x60 [hello]\n",
      "--vmlinux",
      "--module\nhello.ko",
    ]) {
      expect(stdout).toContain(part);
    }
    expect(stdout).not.toContain("\x1b");
  });

  it("reads a pipe, and says when there is nothing in it", async () => {
    const { status, stdout } = await spawnKspace(["decode"], { stdin: HEALTHY });
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: "The log has no report of the kernel's in it.\n",
    });
  });

  it("shows no control characters of the log's", async () => {
    const log = "BUG: kernel NULL pointer dereference, address: 0\x9b31m\x1b]0;x\x07\n";
    const { stdout } = await kspace(["decode"], undefined, log);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    expect(stdout).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
  });

  it.each([
    [["/none.log"], "/none.log cannot be read: there is no such file."],
    [["/"], "/ cannot be read: it is a folder."],
    [["-", "--vmlinux", COURSE_TRACE], "does not begin as an ELF file does"],
    [["-", "--module", "/none.ko"], "/none.ko cannot be read: there is no such file."],
  ])("%j cannot be used", async (args, message) => {
    const { status, stdout, stderr } = await kspace(["decode", ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});
