/** A kernel whose memory is damaged: what can be read is read, and nothing goes on for ever. */
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { MODULES } from "../bench/healthy-loads.js";
import { unpackModules } from "../bench/modules.js";
import { type Random, seededRandom } from "../debuginfo/test-support/fuzz.js";
import { outputOf } from "../lab/test-support/guest.js";
import { bootLab } from "../node/index.js";
import { type Btf, GuestError, StoppedKernel, type SystemMap } from "./index.js";
import { readKernel } from "./test-support/kernel-types.js";
import { RecordedMachine } from "./test-support/recorded-machine.js";

let recorded: RecordedMachine;
let kernel: StoppedKernel;
let types: Btf;
let symbols: SystemMap;

beforeAll(async () => {
  const reading = await readKernel();
  ({ types, symbols } = reading);
  await using lab = await bootLab();
  await unpackModules(lab);
  outputOf(await lab.insmod(`${MODULES}/provider.ko`));
  outputOf(await lab.insmod(`${MODULES}/mutex_hold.ko`));
  lab.pause();
  recorded = new RecordedMachine(lab.machine);
  kernel = new StoppedKernel({ machine: recorded.machine, types, symbols });
});

afterEach(() => recorded.undo());

function addressOf(symbol: string): bigint {
  const address = symbols.addressOf(symbol);
  if (address === undefined) throw new Error(`The kernel has no ${symbol}.`);
  return address;
}

function writeWord(address: bigint, value: bigint): void {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, Number(BigInt.asUintN(32, value)), true);
  recorded.write(Number(kernel.translate(address)), bytes);
}

describe("a damaged list of tasks", () => {
  const taskMember = (address: bigint, path: string): bigint =>
    address + BigInt(types.member("task_struct", path).offset);

  it("is followed from both ends", () => {
    const whole = kernel.tasks().items;
    const [, , , fourth] = whole;
    if (fourth === undefined) throw new Error("There are fewer than four tasks.");
    writeWord(taskMember(fourth.address, "tasks.next"), 0x10n);
    const { items, missing } = kernel.tasks();
    expect(items.map(({ pid }) => pid)).toEqual(whole.map(({ pid }) => pid));
    expect(missing.join()).toMatch(/^The list of processes is damaged behind its entry 3: /);
  });

  it("that runs in a circle ends", () => {
    const whole = kernel.tasks().items;
    const [, , second, , fifth] = whole;
    if (second === undefined || fifth === undefined) throw new Error("There are too few tasks.");
    writeWord(taskMember(fifth.address, "tasks.next"), taskMember(second.address, "tasks"));
    const { items, missing } = kernel.tasks();
    expect(items.length).toBe(whole.length);
    expect(missing.join()).toContain("it leads back to 0x");
  });

  it("passes over what is no task any more", () => {
    const whole = kernel.tasks().items;
    const victim = whole[5];
    if (victim === undefined) throw new Error("There are too few tasks.");
    writeWord(taskMember(victim.address, "pid"), -5n);
    const { items, missing } = kernel.tasks();
    expect(items.length).toBe(whole.length - 1);
    expect(missing).toEqual([expect.stringMatching(/is no task: its pid is -5/)]);
  });
});

describe("other damage", () => {
  it("a module without a readable name is left out, and said", () => {
    const [last] = kernel.modules().items;
    if (last === undefined) throw new Error("No module is loaded.");
    writeWord(last.address + BigInt(types.member("module", "name").offset), 0xff01_0203n);
    const { items, missing } = kernel.modules();
    expect(items.map(({ name }) => name)).toEqual(["provider"]);
    expect(missing).toEqual([expect.stringMatching(/is no module: its name is unreadable/)]);
  });

  it("a module whose symbols are gone is still there", () => {
    const [last] = kernel.modules().items;
    if (last === undefined) throw new Error("No module is loaded.");
    writeWord(last.address + BigInt(types.member("module", "kallsyms").offset), 0x1000n);
    const [damaged] = kernel.modules().items;
    expect(damaged).toMatchObject({ name: last.name, symbols: [], sections: last.sections });
    expect(damaged?.missing).toEqual([expect.stringMatching(/^Its symbols: Nothing is mapped/)]);
  });

  it("a log of an impossible size is refused in words", () => {
    writeWord(addressOf("prb"), 0n);
    expect(kernel.log()).toEqual({
      items: [],
      missing: [expect.stringMatching(/^The kernel's log: Nothing is mapped at 0x/)],
    });
  });

  it("a message whose text was overwritten says so", () => {
    const before = kernel.log().items;
    const at = 4n + wordAt(wordAt(addressOf("prb")) + ringMember("text_data_ring.data"));
    // The id in front of the oldest message's text.
    const first = before.findIndex(({ text }) => text !== "");
    writeWord(at - 4n, 0x1234_5678n);
    const after = kernel.log().items;
    expect(after[first]).toMatchObject({ text: "", textLost: true, sequence: first });
    expect(after.length).toBe(before.length);
  });

  it("a processor that was sent astray still has its task's system call", () => {
    // The console's shell, which waits at its prompt: the agent may still be at its last answer.
    const sleeping = kernel.tasks().items.find(({ comm }) => comm === "sh");
    if (sleeping === undefined) throw new Error("There is no shell.");
    const whole = kernel.stack(sleeping);
    const [, second] = whole.frames;
    if (second?.foundAt === undefined) throw new Error("The stack has no second frame.");
    writeWord(second.foundAt, 0x41414141n);
    const { frames, end } = kernel.stack(sleeping);
    expect(frames[0]).toEqual(whole.frames[0]);
    expect(frames.slice(1).every(({ reliable }) => !reliable)).toBe(true);
    const guessed = frames.map(({ instructionPointer }) => instructionPointer);
    const missed = whole.frames.slice(2).filter((one) => !guessed.includes(one.instructionPointer));
    expect(missed).toEqual([]);
    expect(end).toMatchObject({
      kind: "broken",
      why: expect.stringContaining("no return address, but 0x41414141"),
      entry: { kind: "system-call", name: "poll" },
    });
  });

  it("page tables that lead nowhere leave the kernel's own", () => {
    recorded.registers = { ...recorded.original, cr3: 0x7ff_f000n };
    expect(kernel.uname().sysname).toBe("Linux");
    expect(kernel.tasks().missing).toEqual([]);
  });

  const wordAt = (address: bigint): bigint => {
    const bytes = kernel.read(address, 4);
    return BigInt(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true));
  };
  const ringMember = (path: string): bigint =>
    BigInt(types.member("printk_ringbuffer", path).offset);
});

describe("random damage", () => {
  it("never does more than leave something out, and reads little", { timeout: 120_000 }, () => {
    const random = seededRandom(2026);
    const targets = interestingPlaces();
    let mostRead = 0;
    let complete = 0;
    for (let round = 0; round < 400; round++) {
      const writes = 1 + Math.floor(random() ** 3 * 40);
      for (let count = 0; count < writes; count++) damage(random, targets);
      if (random() < 0.5) astray(random);
      const before = recorded.bytesRead;
      if (readEverything()) complete++;
      mostRead = Math.max(mostRead, recorded.bytesRead - before);
      recorded.undo();
    }
    expect(complete).toBeGreaterThan(10);
    expect(complete).toBeLessThan(390);
    // It is a megabyte as a rule; a list or log of impossible length must not be followed.
    expect(mostRead).toBeLessThan(16 * 1024 * 1024);
  });

  /** Physical ranges that what is read depends on. */
  function interestingPlaces(): readonly { readonly start: number; readonly bytes: number }[] {
    const place = (address: bigint, bytes: number) => ({
      start: Number(kernel.translate(address)),
      bytes,
    });
    const taskBytes = types.member("task_struct", "comm").offset + 64;
    const tasks = kernel
      .tasks()
      .items.flatMap(({ address, stack }) => [
        place(address, taskBytes),
        place(stack.end - 512n, 512),
        place(stack.start, 64),
      ]);
    const modules = kernel
      .modules()
      .items.flatMap(({ address, regions }) => [
        place(address, types.sizeOf("module")),
        ...regions.map(({ base, bytes }) => place(base, Math.min(bytes, 4096))),
      ]);
    const variables = ["modules", "prb", "init_task", "__cpu_online_mask", "__per_cpu_offset"].map(
      (name) => place(addressOf(name), 16),
    );
    const perCpu = ["current_task", "hardirq_stack_ptr", "softirq_stack_ptr", "cpu_entry_area"].map(
      (name) => place(kernel.perCpu(name), 4),
    );
    const ring = place(addressOf("printk_rb_static"), types.sizeOf("printk_ringbuffer"));
    const cr3 = Number(recorded.original.cr3);
    const tables = { start: cr3 + 0xc00, bytes: 0x400 };
    return [...tasks, ...modules, ...variables, ...variables, ...perCpu, ...perCpu, ring, tables];
  }

  function damage(random: Random, targets: ReturnType<typeof interestingPlaces>): void {
    const target = targets[Math.floor(random() * targets.length)];
    if (target === undefined) return;
    const at = target.start + (Math.floor(random() * target.bytes) & ~3);
    const bytes = new Uint8Array(random() < 0.2 ? 64 : 4);
    const view = new DataView(bytes.buffer);
    for (let word = 0; word < bytes.length; word += 4) {
      view.setUint32(word, randomValue(random, targets), true);
    }
    recorded.write(at, bytes);
  }

  /** Nonsense, small numbers, and what looks like a pointer to something of the kernel. */
  function randomValue(random: Random, targets: ReturnType<typeof interestingPlaces>): number {
    const kind = random();
    if (kind < 0.3) return Math.floor(random() * 2 ** 32);
    if (kind < 0.5) return Math.floor(random() * 64);
    const target = targets[Math.floor(random() * targets.length)];
    return 0xc000_0000 + (target?.start ?? 0) + (Math.floor(random() * 64) & ~3);
  }

  function astray(random: Random): void {
    const task = kernel.tasks().items[Math.floor(random() * 20)];
    const near = (task?.stack.end ?? 0n) - BigInt(Math.floor(random() * 2048) & ~3);
    const anything = (): bigint => (random() < 0.6 ? near : BigInt(Math.floor(random() * 2 ** 32)));
    const code = addressOf("_stext") + BigInt(Math.floor(random() * 0x39_0000));
    recorded.registers = {
      ...recorded.original,
      instructionPointer: random() < 0.8 ? code : anything(),
      stackPointer: anything(),
      framePointer: anything(),
    };
  }

  /** @returns whether nothing was missing. @throws anything but a {@link GuestError}. */
  function readEverything(): boolean {
    let complete = true;
    const attempt = <T>(read: () => T): T | undefined => {
      try {
        return read();
      } catch (error) {
        if (!(error instanceof GuestError)) throw error;
        complete = false;
        return undefined;
      }
    };
    attempt(() => kernel.currentTask());
    attempt(() => kernel.uname());
    attempt(() => kernel.cpusOnline());
    attempt(() => kernel.jiffies());
    const processor = kernel.stack();
    expect(processor.frames.length).toBeLessThanOrEqual(300);
    const tasks = kernel.tasks();
    for (const task of tasks.items) {
      if (kernel.stack(task).end.kind === "broken") complete = false;
    }
    const modules = kernel.modules();
    for (const { address, regions } of modules.items) {
      for (const { base } of regions) kernel.place(base + 8n);
      for (const type of ["mutex", "rw_semaphore", "completion", "semaphore"] as const) {
        attempt(() => kernel.lock(address, type));
      }
    }
    const log = kernel.log();
    const missing = [tasks, modules, log].flatMap((list) => list.missing);
    return complete && missing.length === 0 && processor.end.kind !== "broken";
  }
});
