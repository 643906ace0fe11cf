/** What a real guest's kernel reports of itself, and what the lab makes of it. */
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { MODULES } from "../bench/healthy-loads.js";
import { unpackModules } from "../bench/modules.js";
import {
  bootLab,
  type CommandResult,
  formatFrame,
  type Lab,
  type LabReport,
} from "../node/index.js";
import { outputOf, shell, text } from "./test-support/guest.js";

const DEBUGGING = "/home/student/4-debugging";

let lab: Lab;

beforeAll(async () => {
  lab = await bootLab();
  await unpackModules(lab);
  await lab.checkpoint();
});

afterAll(() => lab.close());

afterEach(() => lab.restore());

/** The number of the first line of a source file that has a text in it. */
function lineWith(source: string, part: string): number {
  const at = source.split("\n").findIndex((line) => line.includes(part));
  expect(at, `${part} in the source`).toBeGreaterThanOrEqual(0);
  return at + 1;
}

function moduleSource(name: string): string {
  return readFileSync(new URL(`../../kernel-src/modules/${name}.c`, import.meta.url), "utf8");
}

function onlyReport({ reports }: Pick<CommandResult, "reports">): LabReport {
  expect(reports.map(({ report }) => report.title)).toHaveLength(1);
  const [decoded] = reports;
  if (decoded === undefined) throw new Error("There is no report.");
  return decoded;
}

async function debuggingSection(): Promise<CommandResult> {
  outputOf(await lab.insmod(`${DEBUGGING}/hello.ko`));
  return lab.run("./a.out", { cwd: DEBUGGING, user: "student" });
}

describe("the report of section 4", () => {
  it("is traced to the line that calls copy_from_user(), through all that was inlined", async () => {
    const source = text(await lab.readFile(`${DEBUGGING}/hello.c`));
    const line = lineWith(source, "copy_from_user(hello_mem");
    const decoded = onlyReport(await debuggingSection());
    expect(decoded.missing).toEqual([]);
    const { report, culprit, excerpt, explanation } = decoded;
    expect(report).toMatchObject({
      kind: "usercopy",
      title: "BUG: bad usercopy in hello_write",
      arch: "i386",
      comm: "a.out",
      kernel: lab.kernel.release,
      corrupted: undefined,
    });
    expect(culprit?.frame).toBe(report.culprit);
    expect(culprit?.locations.map((location) => location.function)).toEqual([
      "check_object_size",
      "check_copy_size",
      "copy_from_user",
      "hello_write",
    ]);
    expect(culprit?.locations.at(-1)).toMatchObject({ file: `${DEBUGGING}/hello.c`, line });
    expect(excerpt?.markedLine).toBe(line);
    expect(excerpt?.lines).toEqual(source.split("\n").slice(line - 5, line + 4));
    expect(explanation.sentence).toContain("`hello_write()` passed a NULL destination");
    expect(explanation.sentence).toContain("`hello_mem` was never allocated");
  });

  it("has the kernel's own functions with their lines, too", async () => {
    const { frames, trapListing } = onlyReport(await debuggingSection());
    const places = frames
      .filter(({ frame }) => frame.module === undefined && frame.sure)
      .map(({ frame, locations }) => ({ frame: formatFrame(frame), file: locations.at(-1)?.file }));
    expect(places.filter(({ file }) => file === undefined)).toEqual([]);
    const abort = places.find(({ frame }) => frame.startsWith("usercopy_abort"));
    expect(abort?.file).toMatch(/mm\/usercopy\.c$/);
    expect(trapListing).toContainEqual(
      expect.objectContaining({ kind: "instruction", trapping: true, text: "ud2" }),
    );
    // The source of it is among the kernel's sources that come with the images.
    expect(trapListing).toContainEqual(expect.objectContaining({ kind: "source", text: "BUG();" }));
  });

  it("is told as an event, once, and is gone after a restore", async () => {
    const told: LabReport[] = [];
    using _ = lab.onReport((report) => told.push(report));
    const { reports } = await debuggingSection();
    expect(await lab.reports()).toEqual(reports);
    expect(told).toEqual(reports);
    await lab.restore();
    expect(await lab.reports()).toEqual([]);
    expect((await lab.run("/bin/true")).reports).toEqual([]);
  });

  it("is of the module as it was loaded, not as it was built since", async () => {
    outputOf(await lab.insmod(`${DEBUGGING}/hello.ko`));
    const other = await lab.readFile("/home/student/1-load/hello.ko");
    const mine = await lab.readFile(`${DEBUGGING}/hello.ko`);
    await lab.writeFile(`${DEBUGGING}/hello.ko`, other);
    const result = await lab.run("./a.out", { cwd: DEBUGGING });
    await lab.writeFile(`${DEBUGGING}/hello.ko`, mine);
    expect(onlyReport(result).culprit?.locations).toHaveLength(4);
  });
});

describe("reports of other kinds", () => {
  it("an oops in a module's init function is traced through .init.text", async () => {
    const source = moduleSource("null_deref");
    const result = await lab.insmod(`${MODULES}/null_deref.ko`);
    expect(result).toMatchObject({ outcome: "oops", signal: "SIGKILL" });
    const { report, culprit, frames } = onlyReport(result);
    expect(report).toMatchObject({
      kind: "null-dereference",
      title: "BUG: unable to handle kernel NULL pointer dereference in set_value",
      comm: "insmod",
    });
    expect(culprit?.locations.at(-1)).toMatchObject({
      function: "set_value",
      line: lineWith(source, "record->value = value"),
    });
    const init = frames.find(({ frame }) => frame.symbol === "init_module");
    expect(init?.locations.at(-1)?.line).toBe(lineWith(source, "return fill_record(record)"));
  });

  it("a panic has its report, too", async () => {
    const result = await lab.insmod(`${MODULES}/panic_now.ko`);
    expect(result.outcome).toBe("panic");
    const { report, culprit } = onlyReport(result);
    expect(report).toMatchObject({ kind: "panic", title: "kernel panic: panic_now: asked for" });
    expect(culprit?.locations.at(-1)?.line).toBe(
      lineWith(moduleSource("panic_now"), 'panic("panic_now'),
    );
  });

  it("what a program writes to the kernel's log is none", async () => {
    const forged = "BUG: kernel NULL pointer dereference, address: 00000004";
    const result = await lab.sh(`echo '${forged}' > /dev/kmsg; kill -SEGV $$`);
    expect(result).toMatchObject({ outcome: "signaled", signal: "SIGSEGV", reports: [] });
    expect(await shell(lab, "dmesg | tail -n 1")).toContain(forged);
  });
});
