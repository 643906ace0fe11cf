/** Guest time passes while the guest runs, and only then; its date is the world's. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, it } from "vitest";
import { hostClock } from "../machine/clock.js";
import { bootLab, type Lab } from "../node/index.js";
import { shell } from "./test-support/guest.js";

/** What the kernel's watchdogs say of a processor or a task that got no time. */
const FALSE_ALARM = /soft lockup|\bstalls?\b|blocked for more than|clocksource.*unstable/i;

function falseAlarms(lab: Lab): string[] {
  return lab
    .kernelLog()
    .map(({ text }) => text)
    .filter((text) => FALSE_ALARM.test(text));
}

async function dateError(lab: Lab): Promise<number> {
  const guest = Number(await shell(lab, "date -u +%s"));
  return Math.abs(guest - Date.now() / 1000);
}

describe("a lab that is paused", () => {
  it("for a minute sees no time pass, and no watchdog barks", async () => {
    let skipped = 0;
    await using lab = await bootLab({ clock: hostClock(() => performance.now() + skipped) });
    const before = await shell(lab, "cut -d. -f1 /proc/uptime");
    lab.pause();
    skipped += 60_000;
    lab.resume();
    // Longer than the kernel takes to report a lockup: watchdog_thresh is 3 s, twice that.
    await shell(lab, "i=0; while [ $i -lt 8 ]; do i=$((i+1)); sleep 1; done");
    const after = await shell(lab, "cut -d. -f1 /proc/uptime");
    expect(Number(after) - Number(before)).toBeLessThan(30);
    expect(falseAlarms(lab)).toEqual([]);
  });

  it("has the right date when it goes on", async () => {
    await using lab = await bootLab();
    lab.pause();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    lab.resume();
    expect(await dateError(lab)).toBeLessThan(2);
  });
});

describe("a process that was stopped for 15 s", () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill("SIGKILL"));

  it("comes back to a guest that has noticed nothing", async () => {
    const program = `
      const { bootLab } = await import(${JSON.stringify(new URL("../node/index.ts", import.meta.url).href)});
      const lab = await bootLab();
      void lab.sh("while :; do :; done", { timeoutMs: 60_000 });
      console.log("running");
      for await (const _ of process.stdin) break;
      const start = lab.machine.sample().guestMs;
      const timer = setInterval(() => {
        if (lab.machine.sample().guestMs < start + 10_000) return;
        clearInterval(timer);
        console.log(JSON.stringify({
          doom: lab.doom ?? null,
          log: lab.kernelLog().map(({ text }) => text),
        }));
        process.exit(0);
      }, 100);
    `;
    child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    if (child.stdout === null || child.stdin === null) throw new Error("no pipes");
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe("running");

    child.kill("SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    child.kill("SIGCONT");
    child.stdin.end("\n");
    const { doom, log } = JSON.parse((await lines.next()).value ?? "");
    expect(doom).toBeNull();
    expect(log.filter((text: string) => FALSE_ALARM.test(text))).toEqual([]);
    if (child.exitCode === null) await once(child, "exit");
  });
});

describe("a guest", () => {
  it("sleeps for a second of its time, and about one of ours", async () => {
    await using lab = await bootLab();
    const start = performance.now();
    const result = await lab.run("/bin/sleep", { args: ["1"] });
    const hostMs = performance.now() - start;
    expect(result.outcome).toBe("exited");
    // With what it takes to start a program, also on a busy host.
    expect(result.ms).toBeGreaterThan(990);
    expect(result.ms).toBeLessThan(1500);
    expect(hostMs).toBeGreaterThan(900);
  });

  it("has the right date after a start from the snapshot and after a restore", async () => {
    await using lab = await bootLab();
    expect(await dateError(lab)).toBeLessThan(2);
    await shell(lab, "date -s '2001-01-01 00:00:00'");
    expect(await dateError(lab)).toBeGreaterThan(1000);
    await lab.restore();
    expect(await dateError(lab)).toBeLessThan(2);
  });

  it("has the right date after a cold boot", async () => {
    await using lab = await bootLab({ coldBoot: true });
    expect(await dateError(lab)).toBeLessThan(2);
  });
});
