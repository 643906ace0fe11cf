/** What is read of a real kernel from outside, against what it says of itself. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { MODULES } from "../bench/healthy-loads.js";
import { KernelLogParser } from "../console/index.js";
import { outputOf, shell, waitForThreads } from "../lab/test-support/guest.js";
import type { Lab } from "../node/index.js";
import { formatPlace, type StackFrame, type StoppedKernel } from "./index.js";
import { bootReadKernel } from "./test-support/kernel-types.js";
import { TWO_THREADS } from "./test-support/two-threads.js";

let lab: Lab;
let kernel: StoppedKernel;
let addressOf: (symbol: string) => bigint;

beforeAll(async () => {
  ({ lab, kernel, addressOf } = await bootReadKernel());
});

afterAll(() => lab.close());

afterEach(() => lab.restore());

async function startTwoThreads(): Promise<void> {
  await lab.writeFile("/root/two-threads", TWO_THREADS, 0o755);
  await shell(lab, "/root/two-threads &");
  await waitForThreads(lab, "two-threads", "S", 2);
}

/** Looks while the guest stands still. */
function stopped<T>(look: () => T): T {
  lab.pause();
  try {
    return look();
  } finally {
    lab.resume();
  }
}

describe("the kernel as a whole", () => {
  it("has the names that uname prints", async () => {
    const said = await shell(lab, "for i in s n r v m; do uname -$i; done");
    const { sysname, nodename, release, version, machine } = stopped(() => kernel.uname());
    expect([sysname, nodename, release, version, machine]).toEqual(said.trimEnd().split("\n"));
  });

  it("counts jiffies as /proc/timer_list has them", async () => {
    const first = stopped(() => kernel.jiffies());
    const said = BigInt(await shell(lab, "sed -n 's/^jiffies: //p' /proc/timer_list | head -1"));
    const last = stopped(() => kernel.jiffies());
    // The list has the low half; INITIAL_JIFFIES lets it overflow after five minutes.
    expect(said).toBeGreaterThanOrEqual(first & 0xffff_ffffn);
    expect(said).toBeLessThanOrEqual(last & 0xffff_ffffn);
  });

  it("has the processors that are online", async () => {
    const said = await shell(lab, "cat /sys/devices/system/cpu/online");
    expect(stopped(() => kernel.cpusOnline()).join("-")).toBe(said.trim());
  });

  it("has per-CPU variables where the first processor's part of memory lies", () => {
    stopped(() => {
      const base = word(kernel.read(addressOf("pcpu_base_addr"), 4));
      // setup_per_cpu_areas(), arch/x86/kernel/setup_percpu.c.
      const inPart = addressOf("runqueues") - addressOf("__per_cpu_start");
      expect(kernel.perCpu("runqueues")).toBe(base + inPart);
    });
  });

  it("translates as the processor does, page by page, and says what is not mapped", () => {
    stopped(() => {
      const { machine } = lab;
      for (let address = 0xc000_0000; address < 0xffff_f000; address += 0x3f_7000) {
        const expected = attempt(() => machine.readVirtual(address, 16));
        const found = attempt(() => {
          const physical = Number(kernel.translate(BigInt(address)));
          return machine.readPhysical(physical, 16);
        });
        expect(found, address.toString(16)).toEqual(expected);
      }
      expect(() => kernel.translate(0x10n)).toThrow(
        expect.objectContaining({ code: "not-mapped", address: 0x10n }),
      );
    });
  });
});

describe("tasks", () => {
  interface Stat {
    readonly pid: number;
    readonly comm: string;
    readonly state: string;
    readonly flags: number;
    readonly cpu: number;
    readonly tgid: number;
  }

  /** proc_pid_stat(), Documentation/filesystems/proc.rst; each behind its `/proc/TGID`. */
  function parseStats(text: string): Stat[] {
    return [...text.matchAll(/^\/proc\/(\d+)\/.*\n(\d+) \((.*)\) (\w) (.*)$/gm)].map(
      ([, tgid, pid, comm = "", state = "", rest = ""]) => {
        const fields = rest.split(" ");
        return {
          pid: Number(pid),
          tgid: Number(tgid),
          comm,
          state,
          flags: Number(fields[5]),
          cpu: Number(fields[35]),
        };
      },
    );
  }

  it("are those of /proc, with their states", async () => {
    const isSleep = "grep -q sleep /proc/$!/comm";
    await shell(lab, `sleep 1000 >/dev/null 2>&1 & until ${isSleep}; do :; done; kill -STOP $!`);
    await waitForThreads(lab, "sleep", "T");
    await startTwoThreads();
    const said = parseStats(
      await shell(lab, "for s in /proc/[0-9]*/task/*/stat; do echo $s; cat $s; done 2>/dev/null"),
    );
    const { items, missing, current } = stopped(() => ({
      ...kernel.tasks(),
      current: kernel.currentTask(),
    }));
    expect(missing).toEqual([]);
    const [idle, ...tasks] = items;
    expect(idle).toMatchObject({ pid: 0, comm: "swapper/0", kernelThread: true });
    const executing = items.filter(({ onCpu }) => onCpu).map(({ address }) => address);
    expect(executing).toEqual([current.address]);

    const ours = new Map(tasks.map((task) => [task.pid, task]));
    // The shell that said it has ended since, and workers work and wait again.
    const lasting = said.filter(({ pid }) => ours.has(pid));
    expect(said.length - lasting.length).toBeLessThanOrEqual(2);
    expect(tasks.length).toBe(lasting.length);
    for (const { pid, tgid, comm, state, flags, cpu } of lasting) {
      const task = ours.get(pid);
      // /proc shows a worker with what it works on: wq_worker_comm().
      expect(comm.startsWith(task?.comm ?? "?"), comm).toBe(true);
      expect(task).toMatchObject({ tgid, cpu, kernelThread: (flags & 0x20_0000) !== 0 });
      // These have brought the answer here meanwhile.
      if (!/^(kworker|kspace-agent)/.test(comm)) expect(task, comm).toMatchObject({ state });
      expect(task?.mm === undefined).toBe(task?.kernelThread);
    }
    const states = tasks.filter(({ kernelThread }) => !kernelThread).map(({ state }) => state);
    expect(states).toContain("T");
    const threads = tasks.filter(({ comm }) => comm === "two-threads");
    expect(threads).toHaveLength(2);
    expect(new Set(threads.map(({ tgid }) => tgid)).size).toBe(1);
  });

  it("have the stacks that /proc shows of those that sleep", async () => {
    await startTwoThreads();
    const first = await readStacks();
    const ours = stopped(() =>
      kernel.tasks().items.map((task) => {
        const { frames, end } = kernel.stack(task);
        return { task, frames, end, places: frames.map(placeText) };
      }),
    );
    const second = await readStacks();
    let compared = 0;
    for (const { task, frames, end, places } of ours) {
      const said = first.get(task.pid);
      if (said === undefined || second.get(task.pid)?.switches !== said.switches) continue;
      // It leaves out the scheduler's own functions: stack_trace_consume_entry_nosched().
      expect(places.slice(places.length - said.places.length), task.comm).toEqual(said.places);
      expect(places[0]).toMatch(/^__schedule\+/);
      expect(frames.every(({ reliable }) => reliable)).toBe(true);
      expect(end.kind).toBe(task.kernelThread ? "start" : "user-mode");
      compared++;
    }
    expect(compared).toBeGreaterThan(20);
  });

  interface SaidStack {
    /** /proc/PID/stack without the functions' sizes. */
    readonly places: readonly string[];
    /** How often the thread has been switched out: the same number twice, and it has not run. */
    readonly switches: string;
  }

  async function readStacks(): Promise<Map<number, SaidStack>> {
    const script =
      "for s in /proc/[0-9]*/task/*; do echo $s; cat $s/status $s/stack; done 2>/dev/null";
    const sections = (await shell(lab, script)).split(/^\/proc\/\d+\/task\//m).slice(1);
    return new Map(
      sections.map((section) => {
        const places = Array.from(
          section.matchAll(/^\[<0>\] (\S+)\//gm),
          ([, place]) => `${place}`,
        );
        const switches = Array.from(
          section.matchAll(/ctxt_switches:\t(\d+)/g),
          ([, count]) => count,
        );
        return [Number.parseInt(section, 10), { places, switches: switches.join() }];
      }),
    );
  }

  it("have their system call at the stack's end", async () => {
    await startTwoThreads();
    await shell(lab, "sleep 1000 >/dev/null 2>&1 &");
    await waitForThreads(lab, "sleep", "S");
    stopped(() => {
      const calls = kernel.tasks().items.flatMap((task) => {
        const { end } = kernel.stack(task);
        if (end.kind !== "user-mode" || end.entry.kind !== "system-call") return [];
        return [`${task.comm}: ${end.entry.name} ${end.entry.number}`];
      });
      // By int $0x80 and by the fast way, with the numbers of asm/unistd_32.h.
      expect(calls.filter((call) => call === "two-threads: pause 29")).toHaveLength(2);
      expect(calls.filter((call) => call.startsWith("sleep"))).toEqual(["sleep: nanosleep 162"]);
    });
  });
});

describe("modules", () => {
  it("are as in /proc/modules, with sections and symbols", async () => {
    for (const name of ["provider", "consumer", "mutex_hold", "with_params"]) {
      outputOf(await lab.insmod(`${MODULES}/${name}.ko`));
    }
    const listed = await shell(lab, "cat /proc/modules");
    const sections = await shell(lab, "cd /sys/module; grep . */sections/.* */sections/*");
    const symbols = await shell(lab, "grep '\\[' /proc/kallsyms");
    const { items, missing } = stopped(() => kernel.modules());
    expect(missing).toEqual([]);
    expect(items.flatMap((module) => module.missing)).toEqual([]);

    // m_show(), kernel/module/procfs.c.
    const lines = items.map(({ name, state, regions }) => {
      const core = regions.find(({ kind }) => kind === "core");
      const bytes = regions.reduce((sum, region) => sum + region.bytes, 0);
      return `${name} ${bytes} ${state} 0x${core?.base.toString(16).padStart(8, "0")}`;
    });
    const said = listed
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" "))
      .map(([name, bytes, , , state, base]) => `${name} ${bytes} ${state?.toLowerCase()} ${base}`);
    expect(lines).toEqual(said);

    const ours = items.flatMap(({ name, sections }) =>
      sections.map(
        (section) => `${name}/sections/${section.name}:0x${section.address.toString(16)}`,
      ),
    );
    expect(ours.sort()).toEqual([...new Set(sections.trimEnd().split("\n"))].sort());

    const symbolLines = items.flatMap((module) =>
      module.symbols.map(
        ({ address, type, name }) =>
          `${address.toString(16).padStart(8, "0")} ${type} ${name}\t[${module.name}]`,
      ),
    );
    // It shows what a module exports with a capital.
    const kallsyms = symbols
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/ (\w) /, (type) => type.toLowerCase()));
    expect(symbolLines.sort()).toEqual(kallsyms.sort());
  });

  it("and the kernel name each address as the kernel does", async () => {
    outputOf(await lab.insmod(`${MODULES}/mutex_hold.ko`));
    const [hold] = stopped(() => kernel.modules().items);
    const open = hold?.symbols.find(({ name }) => name === "mutex_hold_open");
    stopped(() => {
      expect(kernel.place((open?.address ?? 0n) + 5n)).toEqual({
        name: "mutex_hold_open",
        offset: 5,
        module: "mutex_hold",
      });
      expect(kernel.place(addressOf("schedule") + 3n)).toEqual({ name: "schedule", offset: 3 });
      expect(kernel.place(addressOf("tasklist_lock"))).toEqual({
        name: "tasklist_lock",
        offset: 0,
      });
      expect(kernel.place(0x1000n)).toBeUndefined();
    });
  });
});

describe("the log", () => {
  it("is what /dev/kmsg gives", async () => {
    outputOf(await lab.insmod(`${MODULES}/mutex_hold.ko`));
    await shell(lab, "echo '<3>from a program' > /dev/kmsg");
    const kmsg = await shell(lab, "timeout -s KILL 1 cat /dev/kmsg 2>/dev/null; true");
    await expectLog(kmsg);
  });

  it("goes around in its buffers", async () => {
    // log_buf is 256 KiB here; each message is a line of at most 1 KiB.
    const long = "x".repeat(900);
    await shell(
      lab,
      `i=0; while [ $i -lt 320 ]; do echo "$i ${long}" > /dev/kmsg; i=$((i+1)); done`,
    );
    const kmsg = await shell(lab, "timeout -s KILL 2 cat /dev/kmsg 2>/dev/null; true");
    const records = await expectLog(kmsg);
    expect(records[0]?.sequence).toBeGreaterThan(100);
  });

  async function expectLog(kmsg: string) {
    const expected = new KernelLogParser().push(new TextEncoder().encode(kmsg));
    const { items, missing } = stopped(() => kernel.log());
    expect(missing).toEqual([]);
    expect(
      items.map(({ sequence, level, facility, nanoseconds, text, continuation, dictionary }) => ({
        sequence,
        level,
        facility,
        microseconds: Number(nanoseconds / 1000n),
        text,
        continuation,
        dictionary,
      })),
    ).toEqual(
      expected.map(
        ({ seconds: _seconds, missing: _missing, caller: _caller, ...record }) => record,
      ),
    );
    expect(items.some(({ textLost }) => textLost)).toBe(false);
    return items;
  }
});

describe("a kernel that has panicked", () => {
  it("still has its log, its last task and what that did", async () => {
    const result = await lab.insmod(`${MODULES}/panic_now.ko`, { timeoutMs: 30_000 });
    expect(result.outcome).toBe("panic");
    const texts = kernel.log().items.map(({ text }) => text);
    const heard = lab.kernelLog().map(({ text }) => text);
    // It stops somewhere on the way to its last words, which the console has all heard.
    expect(texts.slice(-heard.length)).toEqual(heard.slice(-texts.length));
    expect(texts).toContain("Kernel panic - not syncing: panic_now: asked for");

    expect(kernel.currentTask()).toMatchObject({ comm: "insmod", state: "R", onCpu: true });
    const { frames, end } = kernel.stack();
    const names = frames.map((frame) => kernel.placeOf(frame)?.name);
    expect(names).toEqual(expect.arrayContaining(["panic", "do_one_initcall", "do_init_module"]));
    expect(end).toMatchObject({ kind: "user-mode", entry: { name: "finit_module" } });
    expect(kernel.modules().items).toMatchObject([{ name: "panic_now", state: "coming" }]);
  });
});

/** As the kernel writes it in a trace. */
function placeText(frame: StackFrame): string {
  const place = kernel.placeOf(frame);
  return place === undefined ? frame.instructionPointer.toString(16) : formatPlace(place);
}

function word(bytes: Uint8Array): bigint {
  return BigInt(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true));
}

function attempt<T>(read: () => T): T | "not mapped" {
  try {
    return read();
  } catch {
    return "not mapped";
  }
}
