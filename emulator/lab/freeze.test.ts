/** What the course's and the test modules do to a real guest, and how it is put back. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { MODULES } from "../bench/healthy-loads.js";
import { unpackModules } from "../bench/modules.js";
import { instructionClock } from "../machine/clock.js";
import { bootLab, type FreezeVerdict, type Lab } from "../node/index.js";
import type { CommandResult } from "./outcome.js";
import {
  describeResult,
  kernelSays,
  outputOf,
  shell,
  text,
  waitForThreads,
} from "./test-support/guest.js";

const LOCKING = "/home/student/3-locking";
const NOTE = "/home/student/note.txt";

let lab: Lab;

beforeAll(async () => {
  lab = await bootLab();
  await unpackModules(lab);
  await lab.checkpoint();
});

afterAll(() => lab.close());

afterEach(async () => {
  await lab.restore();
  expect(await shell(lab, "uname -r; lsmod | wc -l")).toBe(`${lab.kernel.release}\n1\n`);
});

function load(name: string, params = {}): Promise<CommandResult> {
  return lab.insmod({ path: `${MODULES}/${name}.ko`, params }, { timeoutMs: 30_000 });
}

function expectFrozen(result: CommandResult): Extract<CommandResult, { outcome: "frozen" }> {
  if (result.outcome !== "frozen") throw new Error(`Not frozen: ${describeResult(result)}`);
  return result;
}

async function freezeBySection3(inLab: Lab): Promise<CommandResult> {
  outputOf(await inLab.insmod(`${LOCKING}/hello.ko`));
  return inLab.run("./a.out", { cwd: LOCKING, user: "student", timeoutMs: 30_000 });
}

/** Where a function begins, and what comes after it, from the guest's own symbol table. */
async function functionBounds(name: string): Promise<{ start: number; end: number }> {
  const table = await shell(lab, `grep -A1 ' ${name}$' /proc/kallsyms`);
  const [start = Number.NaN, end = Number.NaN] = table
    .split("\n")
    .map((line) => Number.parseInt(line, 16));
  return { start, end };
}

describe("the lock of section 3 that is never released", () => {
  it("is found, and a restore makes the guest answer and keeps the files", async () => {
    outputOf(await lab.sh(`echo written before > ${NOTE}`, { user: "student" }));
    const result = expectFrozen(await freezeBySection3(lab));
    expect(result.freeze.reason).toBe("spinning-on-lock");
    expect(result.freeze.interruptsEnabled).toBe(true);
    expect(text(result.stdout)).toContain("wrote 6 bytes\n");
    expect(lab.doom).toMatchObject({ outcome: "frozen" });

    await lab.restore();
    expect(lab.doom).toBeUndefined();
    expect(await shell(lab, `cat ${NOTE}`)).toBe("written before\n");
    const { start, end } = await functionBounds("queued_spin_lock_slowpath");
    expect(result.freeze.instructionPointer).toBeGreaterThanOrEqual(start);
    expect(result.freeze.instructionPointer).toBeLessThan(end);
  });

  it("stops guest time, and says to later commands why they cannot run", async () => {
    const { freeze } = expectFrozen(await freezeBySection3(lab));
    expect(lab.machine.running).toBe(false);
    expect(await lab.run("/bin/true")).toMatchObject({ outcome: "frozen", freeze });
    await expect(lab.checkpoint()).rejects.toMatchObject({ code: "guest-down" });
  });

  it("is reported by the kernel itself when the guest is left to run on", async () => {
    await using running = await bootLab({ runOnWhenDoomed: true });
    const { freeze } = expectFrozen(await freezeBySection3(running));
    const frozeAtMs = freeze.guestMs - freeze.silentMs;
    const report = await kernelSays(running, /^watchdog: BUG: soft lockup/, 12_000);
    expect(report.text).toMatch(
      /^watchdog: BUG: soft lockup - CPU#0 stuck for \d+s! \[a\.out:\d+\]/,
    );
    expect(running.machine.sample().guestMs - frozeAtMs).toBeLessThan(10_000);
    expect(running.kernelLog().filter((record) => /\brcu\b.*stall/.test(record.text))).toEqual([]);
    await running.restore();
    expect(await shell(running, "echo back")).toBe("back\n");
  });
});

describe("other ways to stop", () => {
  it("taking a lock twice is spinning", async () => {
    expect(expectFrozen(await load("double_lock")).freeze.reason).toBe("spinning-on-lock");
  });

  it("halting with interrupts off is seen at once", async () => {
    const { freeze } = expectFrozen(await load("irqs_off_halt"));
    expect(freeze.reason).toBe("halted-with-interrupts-off");
    expect(freeze.interruptsEnabled).toBe(false);
  });

  it.each([{ irqs_off: false }, { irqs_off: true }])(
    "an endless loop is stalled after 1 s and frozen after 8 s: %o",
    async (params) => {
      const verdicts: FreezeVerdict[] = [];
      using _listening = lab.onVerdict((verdict) => verdicts.push(verdict));
      const { freeze } = expectFrozen(await load("spin_forever", params));
      expect(freeze.reason).toBe("no-progress");
      expect(freeze.interruptsEnabled).toBe(!params.irqs_off);
      expect(freeze.silentMs).toBeGreaterThanOrEqual(8000);
      expect(freeze.silentMs).toBeLessThan(8500);
      expect(verdicts.map(({ state }) => state)).toEqual(["stalled", "frozen"]);
      const [stalled] = verdicts;
      expect(stalled?.state === "stalled" && stalled.silentMs).toBeLessThan(1500);
    },
  );

  it("a panic is a panic, with its message and the whole report in the log", async () => {
    const result = await load("panic_now");
    expect(result).toMatchObject({ outcome: "panic", message: "panic_now: asked for" });
    const log = result.kernelLog.map((record) => record.text);
    expect(log).toContain("Kernel panic - not syncing: panic_now: asked for");
    expect(log.at(-1)).toBe("---[ end Kernel panic - not syncing: panic_now: asked for ]---");
  });

  it("a reboot is the machine's end", async () => {
    expect(await load("reboot_now")).toMatchObject({ outcome: "dead", cause: { kind: "reset" } });
  });

  it("a shutdown is the machine's end, and no freeze", async () => {
    const verdicts: string[] = [];
    using _ = lab.onVerdict(({ state }) => verdicts.push(state));
    expect(await lab.sh("poweroff -f")).toMatchObject({
      outcome: "dead",
      cause: { kind: "halted" },
    });
    expect(verdicts).toEqual([]);
  });

  it("a triple fault is the machine's end", async () => {
    expect(await load("triple_fault")).toMatchObject({ outcome: "dead" });
  });

  it("a kernel stack that overflows ends in some way, and a restore undoes it", async () => {
    // Kernels of 32 bits have no guard page below a stack (arch/x86/Kconfig: HAVE_ARCH_VMAP_STACK
    // is for 64 bits alone): the overflow writes over whatever lies there, and anything may follow.
    const path = `${MODULES}/stack_overflow.ko`;
    const result = await lab.insmod({ path }, { timeoutMs: 5000 });
    const ends = ["panic", "oops", "dead", "frozen", "signaled", "lost", "timeout"];
    expect(ends, describeResult(result)).toContain(result.outcome);
    await lab.restore();
    expect(await shell(lab, "echo healthy")).toBe("healthy\n");
  });
});

describe("what is no freeze", () => {
  it("an oops kills insmod, and the guest goes on", async () => {
    const result = await load("null_deref");
    expect(result).toMatchObject({
      outcome: "oops",
      message: expect.stringMatching(/^BUG: kernel NULL pointer dereference, address: 0*4$/),
    });
    expect(result.kernelLog.some((record) => record.text.startsWith("---[ end trace"))).toBe(true);
    expect(lab.doom).toBeUndefined();
    expect(await shell(lab, "echo still here")).toBe("still here\n");
  });

  it("a task that waits for ever is hung, which the kernel reports after its 10 s", async () => {
    // A clock that jumps over idle time, since the guest does nothing but wait.
    await using waiting = await bootLab({ clock: instructionClock() });
    await unpackModules(waiting);
    const verdicts: FreezeVerdict[] = [];
    waiting.onVerdict((verdict) => verdicts.push(verdict));
    outputOf(await waiting.insmod(`${MODULES}/mutex_hold.ko`));
    outputOf(await waiting.sh("exec 3</dev/mutex_hold; sleep 1000 <&3 >/dev/null 2>&1 &"));
    outputOf(await waiting.sh("(cat /dev/mutex_hold >/dev/null 2>&1) &"));
    await waitForThreads(waiting, "cat", "D");
    const startMs = waiting.machine.sample().guestMs;

    const report = await kernelSays(waiting, /^INFO: task \w+:\d+ blocked for more than/, 25_000);
    expect(report.text).toMatch(/^INFO: task cat:\d+ blocked for more than 1\d seconds\.$/);
    expect(waiting.machine.sample().guestMs - startMs).toBeGreaterThan(9000);
    expect(await shell(waiting, "echo still here")).toBe("still here\n");
    expect(verdicts).toEqual([]);
    expect(waiting.doom).toBeUndefined();
  });
});
