/** Each freeze module on a real guest: what the machine does, and what the kernel says of it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { MODULES } from "../bench/healthy-loads.js";
import { instructionClock } from "../machine/clock.js";
import {
  bootLab,
  type CommandResult,
  type DecodedFrame,
  type Lab,
  type LabReport,
} from "../node/index.js";
import {
  FREEZES,
  type FreezeCase,
  unpackModulesWithSources,
} from "./test-support/freeze-modules.js";
import { describeResult, kernelSays, outputOf, shell, text } from "./test-support/guest.js";

/** Guest time from a freeze to the kernel's own report: twice `watchdog_thresh`, and a tick. */
const SOFT_LOCKUP_MS = 10_000;
/** An imagined processor so slow that the seconds of a watchdog pass in a fraction of one. */
const INSTRUCTIONS_PER_MS = 20_000;

/** Runs on when it is frozen, so that the kernel's own watchdog gets its say. */
let lab: Lab;

beforeAll(async () => {
  lab = await bootLab({ runOnWhenDoomed: true, clock: instructionClock(INSTRUCTIONS_PER_MS) });
  await unpackModulesWithSources(lab);
  await lab.checkpoint();
});

afterAll(() => lab.close());

async function provoke({ module, params = {}, trigger }: FreezeCase): Promise<CommandResult> {
  const path = `${MODULES}/${module}.ko`;
  const loaded = await lab.insmod({ path, params }, { timeoutMs: 30_000 });
  if (trigger === undefined) return loaded;
  outputOf(loaded);
  return lab.sh(trigger, { user: "student", timeoutMs: 30_000 });
}

/** The first function of the module that the report's own stack has for sure. */
function innermostOf({ module }: FreezeCase, { frames }: LabReport): DecodedFrame | undefined {
  return frames.find(({ frame }) => frame.sure && frame.module === module);
}

/** The kernel's own report of a lockup, which it makes while the machine is frozen. */
async function softLockup(): Promise<LabReport> {
  await kernelSays(lab, /^watchdog: BUG: soft lockup/, SOFT_LOCKUP_MS);
  const reports = await lab.reports();
  const report = reports.find(({ report }) => report.kind === "soft-lockup");
  if (report === undefined) throw new Error("There is no report of a soft lockup.");
  return report;
}

async function expectPlace(one: FreezeCase, frame: DecodedFrame | undefined): Promise<void> {
  const place = frame?.locations.at(-1);
  const source = text(await lab.readFile(`${MODULES}/${one.module}.c`));
  expect(place).toMatchObject({
    function: one.stuck.function,
    file: `${MODULES}/${one.module}.c`,
  });
  expect(source.split("\n")[(place?.line ?? 0) - 1]).toContain(one.stuck.code);
}

describe("a module that freezes the machine", () => {
  afterEach(async () => {
    await lab.restore();
    expect(await shell(lab, "uname -r; lsmod | wc -l")).toBe(`${lab.kernel.release}\n1\n`);
  });

  it.each(FREEZES)("$module: $reason", async (one) => {
    const t0 = performance.now();
    const result = await provoke(one);
    if (result.outcome !== "frozen") throw new Error(`Not frozen: ${describeResult(result)}`);
    const { reason, interruptsEnabled } = result.freeze;
    console.log(performance.now() - t0, JSON.stringify(result.freeze), lab.doom);
    expect({ reason, interruptsEnabled }).toEqual({
      reason: one.reason,
      interruptsEnabled: one.interruptsEnabled,
    });
    if (interruptsEnabled) {
      const report = await softLockup();
      console.log(
        performance.now() - t0,
        lab.machine.sample().guestMs - result.freeze.guestMs + result.freeze.silentMs,
      );
      if (process.env.SHOW)
        console.log(report.report.text.filter((l) => !/^(D|C|E|S)R?\w*[0-9: ]/.test(l)).join("\n"));
      expect(report.report.comm).toBe(one.stuck.comm);
      await expectPlace(one, innermostOf(one, report));
    }
  });
});
