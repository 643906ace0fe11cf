/** Commands of a real guest, as a program sees them that uses the library. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { MODULES } from "../bench/healthy-loads.js";
import { unpackModules } from "../bench/modules.js";
import { bootLab, type Lab, LabError } from "../node/index.js";
import { describeResult, outputOf, shell, text, waitInGuest } from "./test-support/guest.js";

vi.setConfig({ testTimeout: 30_000 });

let lab: Lab;

beforeAll(async () => {
  lab = await bootLab();
  await unpackModules(lab);
  await lab.checkpoint();
});

afterAll(() => lab.close());

/** A promise for the moment at which a program has written something, and a listener for it. */
function firstOutput(): { readonly seen: Promise<void>; readonly onStdout: () => void } {
  let onStdout = (): void => undefined;
  const seen = new Promise<void>((resolve) => {
    onStdout = resolve;
  });
  return { seen, onStdout: () => onStdout() };
}

async function isRunning(program: string): Promise<boolean> {
  return (await shell(lab, `pidof ${program} || true`)) !== "";
}

describe("commands at once", () => {
  it("are run one after the other, in order, and their output is never mixed", async () => {
    const results = await Promise.all(
      ["a", "b", "c"].map((name) =>
        lab.sh(
          `echo ${name} begins | tee -a /tmp/order; usleep 50000; echo ${name} ends | tee -a /tmp/order`,
        ),
      ),
    );
    const said = results.map(outputOf);
    expect(said).toEqual(["a", "b", "c"].map((name) => `${name} begins\n${name} ends\n`));
    expect(await shell(lab, "cat /tmp/order")).toBe(said.join(""));
  });

  it("in many labs of a process do not disturb each other", async () => {
    const labs = await Promise.all([1, 2, 3].map(() => bootLab()));
    try {
      const said = await Promise.all(
        labs.map(async (each, index) => {
          await each.writeFile("/home/student/mine", `file of ${index}\n`);
          await shell(each, `hostname guest${index}; echo ${index} > /tmp/mine`);
          await each.checkpoint();
          await shell(each, "i=0; while [ $i -lt 500 ]; do i=$((i+1)); done; rm /tmp/mine");
          if (index === 1) await each.run("reboot", { args: ["-f"] });
          await each.restore();
          return shell(each, "hostname; cat /tmp/mine /home/student/mine");
        }),
      );
      expect(said).toEqual([0, 1, 2].map((index) => `guest${index}\n${index}\nfile of ${index}\n`));
    } finally {
      await Promise.all(labs.map((each) => each.close()));
    }
  });
});

describe("a command that does not end by itself", () => {
  it("is ended by its timeout, with what it wrote, and its children with it", async () => {
    const startMs = lab.machine.sample().guestMs;
    const result = await lab.sh("echo begun; sleep 4242 & sleep 4242", { timeoutMs: 300 });
    expect(result).toMatchObject({ outcome: "timeout", timeoutMs: 300 });
    expect(text(result.stdout)).toBe("begun\n");
    expect(lab.machine.sample().guestMs - startMs).toBeLessThan(2000);
    expect(await isRunning("sleep")).toBe(false);
  });

  it("is ended by an AbortSignal", async () => {
    const { seen, onStdout } = firstOutput();
    const abort = new AbortController();
    const running = lab.sh("echo begun; exec sleep 4242", { signal: abort.signal, onStdout });
    await seen;
    abort.abort();
    const result = await running;
    expect(result.outcome).toBe("aborted");
    expect(text(result.stdout)).toBe("begun\n");
    expect(await isRunning("sleep")).toBe(false);
  });

  it("does not begin when its signal was aborted before", async () => {
    const result = await lab.sh("touch /tmp/begun", { signal: AbortSignal.abort() });
    expect(result.outcome).toBe("aborted");
    expect(await shell(lab, "ls /tmp/begun 2>/dev/null || echo never")).toBe("never\n");
  });

  it("does not keep an aborted command waiting for its turn", async () => {
    const { seen, onStdout } = firstOutput();
    const first = new AbortController();
    const second = new AbortController();
    const running = lab.sh("echo begun; exec sleep 4242", { signal: first.signal, onStdout });
    const waiting = lab.sh("touch /tmp/waited", { signal: second.signal });
    await seen;
    second.abort();
    expect((await waiting).outcome).toBe("aborted");
    expect(await Promise.race([running, "still running"])).toBe("still running");
    first.abort();
    expect((await running).outcome).toBe("aborted");
    expect(await shell(lab, "ls /tmp/waited 2>/dev/null || echo never")).toBe("never\n");
  });

  it("is ended when it writes without end", async () => {
    const result = await lab.run("yes", { outputLimit: 100_000 });
    expect(result).toMatchObject({ outcome: "output-limit", limitBytes: 100_000 });
    expect(result.stdout.length).toBe(100_000);
    expect(text(result.stdout.subarray(0, 6))).toBe("y\ny\ny\n");
    expect(await isRunning("yes")).toBe(false);
    const exactly = await lab.sh("printf 12345; printf 67890 >&2", { outputLimit: 10 });
    expect(outputOf(exactly)).toBe("12345");
  });

  it("is lost when the lab is restored under it, and the next one is not", async () => {
    const { seen, onStdout } = firstOutput();
    const running = lab.sh("echo begun; exec sleep 4242", { onStdout });
    const queued = lab.sh("echo after the restore");
    await seen;
    await lab.restore();
    expect(await running).toMatchObject({ outcome: "lost" });
    expect((await running).ms).toBeGreaterThanOrEqual(0);
    expect(outputOf(await queued)).toBe("after the restore\n");
    expect(await isRunning("sleep")).toBe(false);
  });
});

describe("a guest that ends in the middle of a command", () => {
  afterEach(async () => {
    await lab.restore();
    expect(await shell(lab, "echo back")).toBe("back\n");
  });

  it("by a panic", async () => {
    const result = await lab.sh(
      `echo before; sleep 0.2; insmod ${MODULES}/panic_now.ko; echo after`,
    );
    expect(result).toMatchObject({ outcome: "panic", message: "panic_now: asked for" });
    expect(text(result.stdout)).toBe("before\n");
  });

  it("by a panic that a program asks for", async () => {
    const result = await lab.sh("echo c > /proc/sysrq-trigger");
    expect(result).toMatchObject({ outcome: "panic", message: "sysrq triggered crash" });
  });

  it.each(["reboot -f", "echo b > /proc/sysrq-trigger"])("by a reboot: %s", async (script) => {
    expect(await lab.sh(`${script}; sleep 100`)).toMatchObject({
      outcome: "dead",
      cause: { kind: "reset" },
    });
    expect(await lab.run("/bin/true")).toMatchObject({ outcome: "dead" });
  });

  it("by an orderly reboot, whose processes are ended first", async () => {
    const result = await lab.sh("reboot; sleep 100");
    expect(["dead", "signaled", "lost"], describeResult(result)).toContain(result.outcome);
    await waitInGuest(lab, 10_000, "the reset", () => lab.doom);
    expect(lab.doom).toMatchObject({ outcome: "dead", cause: { kind: "reset" } });
  });
});

describe("a guest that freezes", () => {
  it("while its date is being set does not keep the next commands waiting", async () => {
    outputOf(await lab.insmod("/home/student/3-locking/hello.ko"));
    await shell(lab, "(cd /home/student/3-locking; usleep 100000; ./a.out) >/dev/null 2>&1 &");
    await waitInGuest(lab, 20_000, "the freeze", () => {
      lab.pause();
      lab.resume();
      return lab.doom;
    });
    expect(await lab.run("/bin/true")).toMatchObject({ outcome: "frozen" });
    await lab.restore();
  });
});

describe("a closed lab", () => {
  it("refuses whatever it is asked", async () => {
    const closed = await bootLab();
    await closed.close();
    await closed.close();
    const refused = { name: "LabError", code: "closed" };
    await expect(closed.run("/bin/true")).rejects.toMatchObject(refused);
    await expect(closed.run("/bin/true")).rejects.toBeInstanceOf(LabError);
    await expect(closed.insmod("/home/student/1-load/hello.ko")).rejects.toMatchObject(refused);
    await expect(closed.checkpoint()).rejects.toMatchObject(refused);
    await expect(closed.restore()).rejects.toMatchObject(refused);
    await expect(closed.readFile("/etc/hostname")).rejects.toMatchObject(refused);
    expect(() => closed.resume()).toThrow(expect.objectContaining(refused));
  });

  it("settles the commands that it had, the running one and the waiting", async () => {
    const closing = await bootLab();
    const { seen, onStdout } = firstOutput();
    const running = closing.sh("echo begun; exec sleep 4242", { onStdout });
    const waiting = closing.run("/bin/true").catch((error: unknown) => error);
    await seen;
    await closing.close();
    expect(await running).toMatchObject({ outcome: "lost" });
    expect(await waiting).toMatchObject({ code: "closed" });
  });

  it("settles a restore that it was in", async () => {
    const closing = await bootLab();
    const restoring = closing.restore().catch((error: unknown) => error);
    await closing.close();
    expect(await restoring).toBeInstanceOf(Error);
  });
});

describe("modules", () => {
  afterEach(() => lab.restore());

  const module = (name: string): string => `${MODULES}/${name}.ko`;

  it("take parameters of each kind", async () => {
    const result = await lab.insmod({
      path: module("with_params"),
      params: { number: -17, text: "two words", flag: true, list: "1,2,3" },
    });
    expect(result.kernelLog.map((record) => record.text).slice(-4)).toEqual([
      'with_params: number=-17 text="two words" flag=1',
      "with_params: list[0]=1",
      "with_params: list[1]=2",
      "with_params: list[2]=3",
    ]);
    expect(await shell(lab, "cd /sys/module/with_params/parameters && cat number flag")).toBe(
      "-17\nY\n",
    );
    outputOf(await lab.rmmod("with_params"));
  });

  it("are loaded in order, and removed in the order that their use allows", async () => {
    const result = await lab.insmod([module("provider"), module("consumer")]);
    outputOf(result);
    expect(result.kernelLog.map((record) => record.text)).toContain("consumer: the answer is 42");
    const inUse = await lab.rmmod("provider");
    expect(inUse).toMatchObject({ outcome: "exited" });
    expect(inUse).not.toMatchObject({ exitCode: 0 });
    expect(await shell(lab, "rmmod consumer && rmmod provider && lsmod | wc -l")).toBe("1\n");
  });

  it("stop at the first that does not load, with the symbols that it misses", async () => {
    const result = await lab.insmod([module("consumer"), module("provider")]);
    expect(result).toMatchObject({ outcome: "exited", unknownSymbols: ["provider_answer"] });
    expect(result).not.toMatchObject({ exitCode: 0 });
    expect(await shell(lab, "lsmod | wc -l")).toBe("1\n");
    const other = await lab.insmod(module("unknown_symbol"));
    expect(other.unknownSymbols).toEqual(["nobody_exports_this"]);
  });

  it("that are not there, or not loaded, or loaded already, are what insmod and rmmod say", async () => {
    const missing = await lab.insmod("/home/student/missing.ko");
    expect(missing).toMatchObject({ outcome: "exited", unknownSymbols: [] });
    expect(text(missing.stderr)).toMatch(/missing\.ko.*[Nn]o such file/);
    const notLoaded = await lab.rmmod("with_params");
    expect(notLoaded).not.toMatchObject({ exitCode: 0 });
    expect(text(notLoaded.stderr)).toMatch(/with_params/);
    outputOf(await lab.insmod(module("with_params")));
    const twice = await lab.insmod(module("with_params"));
    expect(twice).not.toMatchObject({ exitCode: 0 });
    expect(text(twice.stderr)).toMatch(/exists/);
    const badValue = await lab.insmod({ path: module("provider"), params: { none: 1 } });
    expect(badValue.outcome).toBe("exited");
  });
});
