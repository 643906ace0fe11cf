/** Locks of a real kernel, held and waited for by tasks that /proc knows. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { MODULES } from "../../bench/healthy-loads.js";
import { outputOf, shell, waitForThreads } from "../../lab/test-support/guest.js";
import type { Lab } from "../../node/index.js";
import type { StoppedKernel } from "../index.js";
import { bootReadKernel } from "../test-support/kernel-types.js";

const LOCKING = "/home/student/3-locking";

let lab: Lab;
let kernel: StoppedKernel;
let addressOf: (symbol: string) => bigint;

beforeAll(async () => {
  ({ lab, kernel, addressOf } = await bootReadKernel());
});

afterAll(() => lab.close());

afterEach(() => lab.restore());

async function load(name: string): Promise<void> {
  outputOf(await lab.insmod(`${MODULES}/${name}.ko`));
}

/** The address of a module's own variable. */
function variable(module: string, name: string): bigint {
  const symbols = kernel.modules().items.find((one) => one.name === module)?.symbols;
  const address = symbols?.find((symbol) => symbol.name === name)?.address;
  if (address === undefined) throw new Error(`${module} has no ${name}.`);
  return address;
}

/** @returns the pid of what runs in the background. */
async function start(script: string): Promise<number> {
  return Number(await shell(lab, `sh -c '${script}' >/dev/null 2>&1 & echo $!`));
}

function stopped<T>(look: () => T): T {
  lab.pause();
  return look();
}

describe("a lock that tasks sleep for", () => {
  it("a mutex has its owner and who waits", async () => {
    await load("mutex_hold");
    const owner = await start("exec 3</dev/mutex_hold; exec sleep 1000");
    await waitForThreads(lab, "sleep", "S");
    const first = await start("exec cat /dev/mutex_hold");
    await waitForThreads(lab, "cat", "D");
    const second = await start("exec cat /dev/mutex_hold");
    await waitForThreads(lab, "cat", "D", 2);
    const address = variable("mutex_hold", "mutex");
    const mutex = stopped(() => kernel.lock(address, "mutex"));
    expect(mutex).toMatchObject({
      kind: "mutex",
      locked: true,
      owner: { task: { pid: owner, comm: "sleep", state: "S" } },
      flags: 1, // MUTEX_FLAG_WAITERS
      waiters: [{ task: { pid: first, comm: "cat", state: "D" } }],
      missing: [],
    });
    // misc_open() has this one while it opens a device, drivers/char/misc.c.
    expect(kernel.lock(addressOf("misc_mtx"), "mutex")).toMatchObject({
      owner: { task: { pid: first } },
      waiters: [{ task: { pid: second } }],
    });
  });

  it("a mutex that is free has neither", async () => {
    await load("mutex_hold");
    const address = variable("mutex_hold", "mutex");
    expect(stopped(() => kernel.lock(address, "mutex"))).toEqual({
      kind: "mutex",
      locked: false,
      owner: undefined,
      flags: 0,
      waiters: [],
      missing: [],
    });
  });

  it("an rw_semaphore has its writer and who waits", async () => {
    await load("rwsem_hold");
    const writer = await start("echo x > /dev/rwsem_hold; exec sleep 1000");
    await waitForThreads(lab, "sleep", "S");
    const reader = await start("exec cat /dev/rwsem_hold");
    await waitForThreads(lab, "cat", "D");
    const address = variable("rwsem_hold", "config_sem");
    expect(stopped(() => kernel.lock(address, "rw_semaphore"))).toMatchObject({
      kind: "rw_semaphore",
      writeLocked: true,
      readers: 0,
      ownedByReaders: false,
      owner: { task: { pid: writer } },
      waiters: [{ task: { pid: reader, comm: "cat" } }],
    });
  });

  it("a completion has who waits for it", async () => {
    await load("completion_wait");
    const reader = await start("exec cat /dev/completion_wait");
    await waitForThreads(lab, "cat", "D");
    const address = variable("completion_wait", "transfer_done");
    expect(stopped(() => kernel.lock(address, "completion"))).toMatchObject({
      kind: "completion",
      done: 0,
      waiters: [{ task: { pid: reader, comm: "cat", state: "D" } }],
      missing: [],
    });
  });

  it("a semaphore has how many may take it", () => {
    // DEFINE_SEMAPHORE(console_sem), kernel/printk/printk.c: one, while nothing is printed.
    expect(stopped(() => kernel.lock(addressOf("console_sem"), "semaphore"))).toEqual({
      kind: "semaphore",
      count: 1,
      waiters: [],
      missing: [],
    });
  });
});

describe("a lock that processors spin for", () => {
  it("is taken, with one waiter, in section 3 of the course", async () => {
    outputOf(await lab.insmod(`${LOCKING}/hello.ko`));
    const address = variable("hello", "hello_lock");
    const free = { kind: "spinlock", value: 0, locked: false, pending: false };
    expect(stopped(() => kernel.lock(address, "spinlock_t"))).toMatchObject(free);
    lab.resume();
    const result = await lab.run("./a.out", { cwd: LOCKING, user: "student", timeoutMs: 30_000 });
    expect(result.outcome).toBe("frozen");
    // include/asm-generic/qspinlock_types.h: the first to wait sets the pending byte.
    expect(kernel.lock(address, "spinlock_t")).toEqual({
      kind: "spinlock",
      value: 0x101,
      locked: true,
      pending: true,
      tailCpu: undefined,
    });
    for (const type of ["spinlock", "raw_spinlock", "raw_spinlock_t", "qspinlock"] as const) {
      expect(kernel.lock(address, type)).toMatchObject({ kind: "spinlock", value: 0x101 });
    }
  });

  it("is read bit by bit as the kernel's headers have it", async () => {
    await load("mutex_hold");
    // Any word that nobody looks at meanwhile.
    const address = variable("mutex_hold", "mutex");
    stopped(() => {
      const set = (value: number): void =>
        lab.machine.writeVirtual(address, new Uint8Array(Uint32Array.of(value).buffer));
      // Bits 17:16 are the nesting level, from bit 18 on the processor's number and one.
      set((3 << 18) | (1 << 16) | 1);
      expect(kernel.lock(address, "qspinlock")).toMatchObject({
        locked: true,
        pending: false,
        tailCpu: 2,
      });
      // include/asm-generic/qrwlock.h: _QW_LOCKED, _QW_WAITING, _QR_BIAS.
      set(0x0ff);
      expect(kernel.lock(address, "rwlock_t")).toMatchObject({ writeLocked: true, readers: 0 });
      set(0x100 + 2 * 0x200);
      expect(kernel.lock(address, "qrwlock")).toEqual({
        kind: "rwlock",
        value: 0x500,
        writeLocked: false,
        writerWaiting: true,
        readers: 2,
      });
    });
  });
});
