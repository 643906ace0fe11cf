/** Each way to stop a guest, opened up: expected values come from sources, the guest, the kernel. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { MODULES } from "../../bench/healthy-loads.js";
import {
  type Autopsy,
  type AutopsyFrame,
  type AutopsyPlace,
  autopsyJson,
  type CommandResult,
  type DecodedFrame,
  type Lab,
  type LockHolder,
} from "../../node/index.js";
import {
  BLOCKED,
  bootForFreezes,
  FREEZES,
  type LoopCase,
  type Place,
  provoke,
} from "../test-support/freeze-modules.js";
import { describeResult, kernelSays, outputOf, shell, text } from "../test-support/guest.js";

const LOCKING = "/home/student/3-locking";
/** Guest time in which the kernel reports a lockup: twice `watchdog_thresh`, and some. */
const SOFT_LOCKUP_MS = 12_000;

let lab: Lab;

beforeAll(async () => {
  lab = await bootForFreezes();
});

afterAll(() => lab.close());

afterEach(async () => {
  await lab.restore();
  expect(await shell(lab, "uname -r; lsmod | wc -l")).toBe(`${lab.kernel.release}\n1\n`);
});

function autopsyOf(result: CommandResult): Autopsy {
  if (result.outcome !== "frozen") throw new Error(`Not frozen: ${describeResult(result)}`);
  if (result.autopsy === undefined) throw new Error("It was not opened.");
  return result.autopsy;
}

function known(holder: LockHolder | undefined): Extract<LockHolder, { kind: "known" }> {
  if (holder?.kind !== "known") throw new Error(`The holder is not known: ${holder?.reason}`);
  return holder;
}

/** The number of the one line of a function that has this code, by the source's text. */
async function lineOf(path: string, { function: name, code }: Place): Promise<number> {
  const lines = text(await lab.readFile(path)).split("\n");
  const start = lines.findIndex((line) => new RegExp(`^\\w.*\\b${name}\\(`).test(line));
  const length = lines.slice(start).findIndex((line) => line.startsWith("}"));
  const found = lines
    .slice(start, start + length)
    .flatMap((line, index) => (line.includes(code) ? [start + index + 1] : []));
  if (found.length !== 1) throw new Error(`${code} is in ${found.length} lines of ${name}().`);
  return found[0] ?? 0;
}

async function expectPlace(
  place: AutopsyPlace | undefined,
  module: string,
  at: Place,
  file = `${MODULES}/${module}.c`,
): Promise<void> {
  const line = await lineOf(file, at);
  expect(place).toMatchObject({ function: at.function, module, file, line });
  expect(place?.excerpt?.markedLine).toBe(line);
  expect(place?.excerpt?.lines[line - (place.excerpt.firstLine ?? 0)]).toContain(at.code);
}

/** Each line of the loop was seen, and each call that it makes. */
async function expectLoop(
  { lines, calls }: Extract<Autopsy["finding"], { kind: "looping" }>,
  module: string,
  loop: LoopCase,
): Promise<void> {
  const path = `${MODULES}/${module}.c`;
  const expected = loop.code.map((code) => lineOf(path, { function: loop.function, code }));
  expect(lines).toEqual(expect.arrayContaining(await Promise.all(expected)));
  expect(calls).toEqual(expect.arrayContaining([...loop.calls]));
}

/** `symbol+0x1f [module]`; of the instruction itself the function alone, since it moves. */
function nameOf({ frame }: DecodedFrame): string {
  const offset = frame.role === "return" ? `+0x${(frame.offset ?? -1).toString(16)}` : "";
  return `${frame.symbol}${offset}${frame.module === undefined ? "" : ` [${frame.module}]`}`;
}

/** From the function in question on: what it calls comes and goes. */
function namesFrom(frames: readonly DecodedFrame[], name: string): string[] {
  const start = frames.findIndex(({ frame }) => frame.symbol === name);
  const [first, ...others] = frames.slice(Math.max(0, start));
  return [first?.frame.symbol ?? "", ...others.map(nameOf)];
}

/** The autopsy's stack is the kernel's own, frame by frame. */
async function expectFramesOfKernel(frames: readonly AutopsyFrame[], from: string): Promise<void> {
  await kernelSays(lab, /^watchdog: BUG: soft lockup/, SOFT_LOCKUP_MS);
  const report = (await lab.reports()).find(({ report }) => report.kind === "soft-lockup");
  const sure = (report?.frames ?? []).filter(({ frame }) => frame.sure && frame.trace === "call");
  expect(namesFrom(frames, from)).toEqual(namesFrom(sure, from));
}

describe("section 3 of the course", () => {
  it("names both lines, the lock and its holder", async () => {
    outputOf(await lab.insmod(`${LOCKING}/hello.ko`));
    const events: (Autopsy | LockHolder)[] = [];
    using _autopsy = lab.onAutopsy((autopsy) => events.push(autopsy));
    using _holder = lab.onHolder((holder) => events.push(holder));
    const result = await lab.run("./a.out", {
      cwd: LOCKING,
      user: "student",
      timeoutMs: 30_000,
    });
    const autopsy = autopsyOf(result);
    // The guest's own word for who it is.
    const pid = Number(
      /opened by a\.out \(pid (\d+)\)/.exec(result.kernelLog.map((r) => r.text).join("\n"))?.[1],
    );
    const file = `${LOCKING}/hello.c`;
    const reads = { function: "hello_read", code: "spin_lock(&hello_lock);" };
    const writes = { function: "hello_write", code: "spin_lock(&hello_lock);" };
    expect(autopsy.finding).toMatchObject({
      kind: "spinning-on-lock",
      lock: { name: "hello_lock", module: "hello", type: "spinlock_t" },
    });
    expect(autopsy.task).toMatchObject({ pid, command: "a.out", systemCall: "read" });
    const holder = known(autopsy.holder);
    await expectPlace(holder.waiting, "hello", reads, file);
    await expectPlace(holder.acquired, "hello", writes, file);
    expect(holder.task).toMatchObject({ pid, command: "a.out", systemCall: "write" });
    expect(holder.sentence).toBe(
      `\`hello_lock\` was acquired in \`hello_write()\` at \`hello.c:${await lineOf(file, writes)}\` ` +
        `by \`a.out\` (pid ${pid}) and never released; \`hello_read()\` at ` +
        `\`hello.c:${await lineOf(file, reads)}\` has been waiting for it since.`,
    );
    expect(events).toEqual([{ ...autopsy, holder: undefined }, holder]);
    expect(structuredClone(autopsy)).toEqual(autopsy);
    expect(JSON.parse(JSON.stringify(autopsyJson(autopsy)))).toEqual(autopsyJson(autopsy));
    await expectFramesOfKernel(autopsy.frames, "queued_spin_lock_slowpath");
  });
});

describe("a module that freezes the machine", () => {
  it.each(FREEZES)("$name ($module)", async (one) => {
    const autopsy = autopsyOf(await provoke(lab, one));
    expect(autopsy.interruptsEnabled).toBe(one.interruptsEnabled);
    if (one.stuck.comm !== undefined) expect(autopsy.task?.command).toBe(one.stuck.comm);
    const { finding } = autopsy;
    switch (one.reason) {
      case "spinning-on-lock": {
        if (finding.kind !== "spinning-on-lock") throw new Error(`It is ${finding.kind}.`);
        expect(finding.lock).toMatchObject({ name: one.lock, module: one.module });
        await expectPlace(finding.waiting, one.module, one.stuck);
        const holder = known(autopsy.holder);
        expect(holder.task.command).toBe(one.held?.comm);
        if (one.held !== undefined) await expectPlace(holder.acquired, one.module, one.held);
        break;
      }
      case "halted-with-interrupts-off":
        if (finding.kind !== "halted-with-interrupts-off")
          throw new Error(`It is ${finding.kind}.`);
        await expectPlace(finding.halted, one.module, one.stuck);
        break;
      case "no-progress":
        if (finding.kind !== "looping") throw new Error(`It is ${finding.kind}.`);
        expect(finding.loop).toMatchObject({ function: one.stuck.function, module: one.module });
        if (one.loop !== undefined) await expectLoop(finding, one.module, one.loop);
        break;
    }
    if (!one.interruptsEnabled) return;
    const from =
      finding.kind === "looping" ? one.stuck.function : (autopsy.frames[0]?.frame.symbol ?? "");
    await expectFramesOfKernel(autopsy.frames, from);
  });
});

describe("a module that blocks tasks", () => {
  it.each(BLOCKED)("$name ($module)", async (one) => {
    const told = new Promise<Autopsy>((resolve) => lab.onBlocked(resolve));
    expect((await provoke(lab, one)).outcome).toBe("exited");
    const { finding, blocked } = await told;
    expect(finding.kind).toBe("blocked");
    expect(blocked).toHaveLength(one.blocked.length);
    for (const { lock, held, stuck } of one.blocked) {
      const task = blocked.find(({ waitingFor }) =>
        "lock" in waitingFor ? waitingFor.lock.name === lock : false,
      );
      expect(task?.task.command).toBe(stuck.comm);
      await expectPlace(task?.waiting, one.module, stuck);
      if (held === undefined) {
        expect(task?.waitingFor.kind).toBe("completion");
        continue;
      }
      if (task?.waitingFor.kind !== "lock") throw new Error("It waits for no lock.");
      const holder = known(task.waitingFor.holder);
      expect(holder.task.command).toBe(held.comm);
      await expectPlace(holder.acquired, one.module, held);
    }
    expect(lab.doom).toBeUndefined();
    expect(await shell(lab, "echo still here")).toBe("still here\n");
  });
});

describe("a guest that is no frozen processor", () => {
  it("of a panic shows who called for it", async () => {
    const result = await lab.insmod(`${MODULES}/panic_now.ko`, { timeoutMs: 30_000 });
    expect(result.outcome).toBe("panic");
    const { finding, task, sentence } = result.autopsy ?? {};
    if (finding?.kind !== "panicked") throw new Error(`It is ${finding?.kind}.`);
    const place = { function: "panic_now_init", code: "panic(" };
    await expectPlace(finding.panicked, "panic_now", place);
    expect(task?.command).toBe("insmod");
    expect(sentence).toMatch(
      /^The kernel panicked in `panic_now_init\(\)` at `panic_now\.c:\d+`: panic_now: asked for\.$/,
    );
  });

  it("shows what a command waits for that ran out of time", async () => {
    outputOf(await lab.insmod(`${MODULES}/mutex_hold.ko`));
    const script = "cat < /dev/null; exec 3</dev/mutex_hold; exec 4</dev/mutex_hold";
    const result = await lab.sh(script, { timeoutMs: 500 });
    expect(result.outcome).toBe("timeout");
    // It waits for what it has itself: the smallest of circles.
    expect(result.autopsy?.finding).toMatchObject({ kind: "blocked", cycle: [{ command: "sh" }] });
    expect(result.autopsy?.sentence).toMatch(
      /^`sh` \(pid \d+\) sleeps in `mutex_hold_open\(\)` .* for the mutex `mutex`, .*: it waits for itself\.$/,
    );
  });

  it("shows nothing wrong while it is well", async () => {
    const { finding, blocked, holder } = await lab.autopsy();
    expect({ finding, blocked, holder }).toEqual({
      finding: { kind: "running" },
      blocked: [],
      holder: undefined,
    });
  });

  it("has nothing to show once its machine is dead", async () => {
    const result = await lab.insmod(`${MODULES}/reboot_now.ko`, { timeoutMs: 30_000 });
    expect(result).toMatchObject({ outcome: "dead" });
    expect(result.autopsy).toBeUndefined();
    await expect(lab.autopsy()).rejects.toMatchObject({ code: "guest-down" });
  });
});
