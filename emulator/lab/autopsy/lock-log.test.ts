/** What the log of locks knows in a guest that is put back, whose modules come and go. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { MODULES } from "../../bench/healthy-loads.js";
import { instructionClock } from "../../machine/clock.js";
import {
  type Autopsy,
  bootLab,
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  Images,
  type Lab,
  type LockHolder,
  nodeImageSource,
} from "../../node/index.js";
import { unpackModulesWithSources } from "../test-support/freeze-modules.js";
import { outputOf, shell } from "../test-support/guest.js";

const LOCKING = "/home/student/3-locking";
const HELLO = `${LOCKING}/hello.ko`;
/** Takes the lock of the module at hand and keeps it; whatever asks for it next freezes. */
const WRITE = "echo x > /dev/hello";
const READ = "cat /dev/hello";

let lab: Lab;
let booted: Checkpoint;

beforeAll(async () => {
  lab = await bootLab({ clock: instructionClock() });
  await unpackModulesWithSources(lab);
  booted = await lab.checkpoint();
});

afterAll(() => lab.close());

afterEach(() => lab.restore(booted));

async function load(path = HELLO): Promise<void> {
  outputOf(await lab.insmod(path));
}

async function holderAfter(script: string, inLab = lab): Promise<LockHolder> {
  const { autopsy, outcome } = await inLab.sh(script, { timeoutMs: 30_000 });
  if (autopsy?.holder === undefined) throw new Error(`No holder was looked for: ${outcome}.`);
  return autopsy.holder;
}

function placeOf(holder: LockHolder): string | undefined {
  return holder.kind === "known" ? holder.acquired?.function : holder.reason;
}

describe("a guest that is put back", () => {
  it("to when the lock was taken knows by whom", async () => {
    await load();
    const pid = await shell(lab, `${WRITE}; echo $$`);
    const taken = await lab.checkpoint();
    const first = await holderAfter(READ);
    await lab.restore(taken);
    const again = await holderAfter(READ);
    expect(placeOf(first)).toBe("hello_write");
    expect(again).toMatchObject({ kind: "known", task: { pid: Number(pid), command: "sh" } });
    expect(placeOf(again)).toBe("hello_write");
    expect(again.kind === "known" && again.guestMs).toBe(first.kind === "known" && first.guestMs);
  });

  it("to when nobody had taken it does not know of what has not happened", async () => {
    await load();
    const loaded = await lab.checkpoint();
    expect(placeOf(await holderAfter(`${WRITE}; ${READ}`))).toBe("hello_write");
    await lab.restore(loaded);
    const pid = await shell(lab, `${WRITE}; echo $$`);
    expect(await holderAfter(READ)).toMatchObject({ kind: "known", task: { pid: Number(pid) } });
  });

  it("out of a file, in another lab, knows it as well", async () => {
    await load();
    await shell(lab, WRITE);
    const { source } = await Images.open(nodeImageSource());
    const gzip = async (bytes: Uint8Array): Promise<Uint8Array> =>
      new Uint8Array(
        await new Response(
          new Blob([bytes.slice()]).stream().pipeThrough(new CompressionStream("gzip")),
        ).arrayBuffer(),
      );
    const file = await encodeCheckpoint(await lab.checkpoint(), gzip);
    await using other = await bootLab();
    await other.restore(await decodeCheckpoint(file, source.gunzip));
    expect(placeOf(await holderAfter(READ, other))).toBe("hello_write");
  });

  it("has its own code, and so has every saved state", async () => {
    await load();
    const text = Number(await shell(lab, "cat /sys/module/hello/sections/.text"));
    const code = lab.machine.readVirtual(text, 256);
    await using unwatched = await bootLab({ lockLog: false });
    await unwatched.restore(await lab.checkpoint());
    expect(unwatched.machine.readVirtual(text, 256)).toEqual(code);
  });
});

describe("modules that come and go", () => {
  it("under the same name, each time at hand", async () => {
    for (let round = 0; round < 3; round++) {
      await load();
      outputOf(await lab.rmmod("hello"));
    }
    // Another build under the same name: the unlock is there, and the lines are others.
    await load("/home/student/2-fops/hello.ko");
    outputOf(await lab.sh(`${WRITE}; ${READ} > /dev/null`));
    outputOf(await lab.rmmod("hello"));
    await load();
    expect(placeOf(await holderAfter(`${WRITE}; ${READ}`))).toBe("hello_write");
  });

  it("and fail to load leave nothing behind", async () => {
    await load();
    // EBUSY: its device's name is taken; its init function ran and failed.
    outputOf(await lab.sh(`cp ${HELLO} /tmp/hello.ko`));
    expect((await lab.sh("insmod /tmp/hello.ko")).outcome).toBe("exited");
    expect(await shell(lab, "lsmod | grep -c hello")).toBe("1\n");
    outputOf(await lab.rmmod("hello"));
    for (let round = 0; round < 5; round++) await shell(lab, "dmesg > /dev/null");
    expect(lab.doom).toBeUndefined();
  });

  it("give back the memory of their init functions, where breakpoints stood", async () => {
    // It takes a lock in its init function, which is gone when others use the memory.
    for (let round = 0; round < 10; round++) {
      await load(`${MODULES}/with_params.ko`);
      outputOf(await lab.rmmod("with_params"));
    }
    await shell(lab, "for i in 1 2 3 4 5 6 7 8; do dd if=/dev/zero of=/tmp/x bs=1M count=8; done");
    expect(lab.doom).toBeUndefined();
  });

  it("typed in a terminal are followed, too", async () => {
    await shell(lab, `insmod ${HELLO}`);
    expect(placeOf(await holderAfter(`${WRITE}; ${READ}`))).toBe("hello_write");
  });
});

describe("what cannot be told", () => {
  it("is said when locks are not followed", async () => {
    await using unwatched = await bootLab({ lockLog: false });
    outputOf(await unwatched.insmod(HELLO));
    expect(placeOf(await holderAfter(`${WRITE}; ${READ}`, unwatched))).toMatch(
      /^It cannot be told who holds it: /,
    );
  });

  it("is said of a module whose file is not at hand", async () => {
    outputOf(await lab.sh(`cp ${HELLO} /tmp/other.ko; insmod /tmp/other.ko`));
    expect(placeOf(await holderAfter(`${WRITE}; ${READ}`))).toBe("hello_write");
  });

  it("is said when a lock is taken so often that it is not followed each time", async () => {
    await load("/home/student/2-fops/hello.ko");
    const blocked: Autopsy[] = [];
    using _ = lab.onBlocked((autopsy) => blocked.push(autopsy));
    outputOf(await lab.sh(`i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo $i; done > /dev/hello`));
    expect(lab.doom).toBeUndefined();
    expect(blocked).toEqual([]);
    const autopsy = await lab.autopsy();
    expect(autopsy.finding.kind).toBe("running");
  });
});
