/** What the log of locks knows in a guest that is put back, whose modules come and go. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { instructionClock } from "../../machine/clock.js";
import {
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
    // EEXIST: there is a module of its name.
    expect((await lab.insmod(HELLO)).outcome).toBe("exited");
    expect(await shell(lab, "lsmod | grep -c hello")).toBe("1\n");
    expect(placeOf(await holderAfter(`${WRITE}; ${READ}`))).toBe("hello_write");
  });

  it("typed in a terminal are followed, too", async () => {
    await shell(lab, `insmod ${HELLO}`);
    expect(placeOf(await holderAfter(`${WRITE}; ${READ}`))).toBe("hello_write");
  });

  it("copied to where the host does not look are followed, too", async () => {
    outputOf(await lab.sh(`cp ${HELLO} /tmp/other.ko; insmod /tmp/other.ko`));
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

  it("is noted when a lock is taken so often that it is not followed each time", async () => {
    await load("/home/student/2-fops/hello.ko");
    outputOf(await lab.sh("i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo $i; done > /dev/hello"));
    const { lockLog } = await lab.checkpoint();
    expect(lockLog?.gaps.length).toBeGreaterThan(0);
    expect(lockLog?.gaps[0]).toMatchObject({ module: "hello", type: "spinlock_t" });
    // A lock has been taken 3000 times, and few of them are kept.
    expect(lockLog?.attempts.length).toBeLessThan(100);
  });
});
