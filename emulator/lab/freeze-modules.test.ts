/** Each freeze module on a real guest: what the machine does, and what the kernel says of it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { MODULES } from "../bench/healthy-loads.js";
import { readTestModules } from "../bench/modules.js";
import type { Lab, LabReport } from "../node/index.js";
import {
  BLOCKED,
  bootForFreezes,
  FREEZES,
  type Place,
  provoke,
} from "./test-support/freeze-modules.js";
import { describeResult, kernelSays, shell, text, waitForThreads } from "./test-support/guest.js";

/** Guest time in which the kernel reports a lockup: twice `watchdog_thresh`, and some. */
const SOFT_LOCKUP_MS = 12_000;
/** The same for a task that hangs: `hung_task_timeout_secs`, which it looks at every so often. */
const HUNG_TASK_MS = 25_000;

let lab: Lab;

beforeAll(async () => {
  lab = await bootForFreezes();
});

afterAll(() => lab.close());

afterEach(async () => {
  await lab.restore();
  expect(lab.doom).toBeUndefined();
  expect(await shell(lab, "uname -r; lsmod | wc -l")).toBe(`${lab.kernel.release}\n1\n`);
});

/** The kernel's own words, decoded: its report that begins with this line. */
async function kernelReports(firstLine: RegExp, withinMs: number): Promise<LabReport> {
  await kernelSays(lab, firstLine, withinMs);
  const report = (await lab.reports()).find(({ report }) => firstLine.test(report.text[0] ?? ""));
  if (report === undefined) throw new Error(`There is no report ${firstLine}.`);
  return report;
}

/** The innermost function of the module that is on the stack, by the kernel's own trace. */
async function expectInnermost(report: LabReport, module: string, place: Place): Promise<void> {
  expect(report.missing).toEqual([]);
  const innermost = report.frames.find(({ frame }) => frame.sure && frame.module === module);
  const file = `${MODULES}/${module}.c`;
  const location = innermost?.locations.at(-1);
  expect(location).toMatchObject({ function: place.function, file });
  const source = text(await lab.readFile(file)).split("\n");
  expect(source[(location?.line ?? 0) - 1]).toContain(place.code);
}

describe("a module that freezes the machine", () => {
  it.each(FREEZES)("$name ($module): $reason", async (one) => {
    const result = await provoke(lab, one);
    if (result.outcome !== "frozen") throw new Error(`Not frozen: ${describeResult(result)}`);
    const { reason, interruptsEnabled } = result.freeze;
    expect({ reason, interruptsEnabled }).toEqual({
      reason: one.reason,
      interruptsEnabled: one.interruptsEnabled,
    });
    if (!interruptsEnabled) {
      // The watchdog is an interrupt, too.
      await guestTimePasses(SOFT_LOCKUP_MS);
      expect(await lab.reports()).toEqual([]);
      return;
    }
    const report = await kernelReports(/^watchdog: BUG: soft lockup/, SOFT_LOCKUP_MS);
    if (one.stuck.comm !== undefined) expect(report.report.comm).toBe(one.stuck.comm);
    await expectInnermost(report, one.module, one.stuck);
    expect(report.excerpt?.lines.join("\n")).toContain(one.stuck.code);
  });
});

describe("a module that blocks tasks", () => {
  it.each(BLOCKED)("$name ($module)", async (one) => {
    expect((await provoke(lab, one)).outcome).toBe("exited");
    for (const { stuck } of one.blocked) await waitForThreads(lab, stuck.comm, "D");
    for (const { stuck } of one.blocked) {
      const firstLine = new RegExp(`^INFO: task ${stuck.comm}:\\d+ blocked for more than`);
      const report = await kernelReports(firstLine, HUNG_TASK_MS);
      await expectInnermost(report, one.module, stuck);
    }
    expect(lab.doom).toBeUndefined();
    expect(await shell(lab, "echo still here")).toBe("still here\n");
  });
});

describe("the course's module under other names", () => {
  it("has nothing of the old names left", async () => {
    const modules = await readTestModules();
    const pigeonhole = modules.find(({ name }) => name === "pigeonhole.ko");
    expect(pigeonhole).toBeDefined();
    expect(text(pigeonhole?.bytes ?? new Uint8Array())).not.toMatch(/hello/i);
    const source = text(await lab.readFile(`${MODULES}/pigeonhole.c`));
    expect(source).toContain("spin_lock(&hatch);");
    expect(source).not.toMatch(/hello/i);
  });
});

function guestTimePasses(ms: number): Promise<void> {
  return new Promise((resolve) => lab.machine.afterGuestMs(ms, resolve));
}
