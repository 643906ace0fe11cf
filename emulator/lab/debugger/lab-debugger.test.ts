import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { hexOf } from "../../gdb/latin1.js";
import { checksum, LARGEST_PACKET } from "../../gdb/packet.js";
import { TestClient, textOf } from "../../gdb/test-support/gdb-client.js";
import { randomBytes, seededRandom } from "../../gdb/test-support/random.js";
import { bootLab, type Checkpoint, Images, type Lab, nodeImageSource } from "../../node/index.js";
import { openKernel } from "../autopsy/opened-kernel.js";
import { outputOf, shell, waitInGuest } from "../test-support/guest.js";
import { LabDebugger } from "./lab-debugger.js";

/** Debuggers of all kinds in front of a real guest. */

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const FOLDER = "/home/student/2-fops";
const TEST = { line: "./a.out", cwd: FOLDER };

let lab: Lab;
let loaded: Checkpoint;
/** Of the module's function, in hexadecimal. */
let helloWrite: string;
let code: Uint8Array;
let owner: LabDebugger;
let client: TestClient;

beforeAll(async () => {
  lab = await bootLab();
  await lab.insmod(`${FOLDER}/hello.ko`);
  loaded = await lab.checkpoint();
  const { kernel } = await openKernel(await Images.open(nodeImageSource()), lab.machine);
  const [module] = kernel.modules().items;
  helloWrite = (addressOf("hello_write") ?? 0n).toString(16);
  code = readCode();

  function addressOf(name: string): bigint | undefined {
    return module?.symbols.find((symbol) => symbol.name === name)?.address;
  }
});
afterAll(() => lab.close());

beforeEach(async () => {
  await lab.restore(loaded);
  owner?.[Symbol.dispose]();
  owner = new LabDebugger(lab, { test: TEST, cwd: FOLDER });
  client = new TestClient(owner.server);
});

/** The page with the module's code. */
function readCode(): Uint8Array {
  return lab.machine.readVirtual(BigInt(`0x${helloWrite}`) & ~0xfffn, 4096);
}

/** The next stop, with what is said before it. */
async function stop(): Promise<{ reply: string; said: string }> {
  let said = "";
  for (;;) {
    const reply = await client.receive();
    if (!reply.startsWith("O")) return { reply, said };
    said += textOf(reply);
  }
}

/** The guest does what it should, and its code is its own. */
async function expectGood(): Promise<void> {
  expect(readCode()).toEqual(code);
  expect(outputOf(await lab.run("./a.out", { cwd: FOLDER }))).toBe(
    "wrote 6 bytes\nread 6 bytes: hello\n",
  );
}

function registerOf(reply: string, number: string): bigint {
  const [, digits = ""] = new RegExp(`[;5]${number}:([0-9a-f]{8});`).exec(reply) ?? [];
  return BigInt(Buffer.from(digits, "hex").readUInt32LE());
}

describe("a debugger", () => {
  it("stops the guest when it asks something, and lets it go again", async () => {
    await client.ask("?");
    expect(lab.machine.running).toBe(false);
    const { guestMs } = lab.machine.sample();
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(lab.machine.sample().guestMs).toBe(guestMs);
    expect(await client.ask("D")).toBe("OK");
    await client.served;
    expect(lab.machine.running).toBe(true);
    await expectGood();
  });

  it("stops at a breakpoint in the test, which begins when the guest goes on", async () => {
    expect(await client.ask(`Z0,${helloWrite},1`)).toBe("OK");
    client.send("c");
    const { reply } = await stop();
    expect(registerOf(reply, "08").toString(16)).toBe(helloWrite);
    // The code that it reads is the guest's own.
    expect(await client.ask(`m${helloWrite},10`)).toBe(
      hexOf(code.subarray(Number.parseInt(helloWrite.slice(-3), 16)).subarray(0, 16)),
    );
    await client.ask(`z0,${helloWrite},1`);
    client.send("c");
    let said = "";
    while (!said.includes("status 0")) said += textOf(await client.receive());
    expect(said).toBe("wrote 6 bytes\nread 6 bytes: hello\n[./a.out: ended with status 0]\n");
    client.raw("\x03");
    expect((await stop()).reply).toMatch(/^T02/);
    await client.ask("D");
    await client.served;
    await expectGood();
  });

  it("steps, also over a halt", async () => {
    client.send("c");
    await waitInGuest(lab, 5000, "an idle guest", () => lab.machine.sample().halted || undefined);
    client.raw("\x03");
    await stop();
    for (let count = 0; count < 50; count++) {
      client.send("s");
      expect((await stop()).reply).toMatch(/^T05/);
    }
  });

  it("writes memory and registers", async () => {
    expect(await client.ask(`Z0,${helloWrite},1`)).toBe("OK");
    client.send("c");
    await stop();
    // count, the third argument: ecx; more than HELLO_MEMSIZ makes it fail.
    expect(await client.ask("P1=01100000")).toBe("OK");
    await client.ask(`z0,${helloWrite},1`);
    client.send("c");
    let said = "";
    while (!said.includes("status")) said += textOf(await client.receive());
    expect(said).toContain("write /dev/hello: No space left on device\n");
    expect(said).toContain("[./a.out: ended with status 1]\n");
  });

  it("gets errors for what the machine has not", async () => {
    expect(await client.ask("m0,10")).toBe("E14");
    expect(await client.ask("Z0,0,1")).toMatch(/^E\d\d$/);
    expect(await client.ask("P1a=00000000")).toMatch(/^E\d\d$/);
    await client.ask("qSupported:error-message+");
    expect(await client.ask("Z0,0,1")).toMatch(/^E\..+/);
  });

  it("goes back to a snapshot of its own", async () => {
    expect(await client.monitor("snapshot")).toBe("monitor restore goes back to here.\n");
    expect(await client.monitor("restore")).toContain("The guest is back at its last snapshot.\n");
    expect(lab.machine.running).toBe(false);
    expect(await client.monitor("log 1")).toMatch(/^\[ *\d+\.\d{6}\] hello: loaded/);
    expect(await client.monitor("log x")).toBe("COUNT is a number of messages.\n");
    expect(await client.monitor("autopsy")).toContain("\n- The processor stood at ");
  });

  it("sees a dead machine, and brings it back", async () => {
    await client.monitor("run echo b > /proc/sysrq-trigger");
    client.send("c");
    const { reply, said } = await stop();
    expect(reply).toMatch(/^T09/);
    expect(said).toContain("monitor restore brings it back.");
    client.send("s");
    expect((await stop()).reply).toMatch(/^T09/);
    client.send("c");
    const again = await stop();
    expect(again.reply).toMatch(/^T09/);
    expect(again.said).toContain("monitor restore brings it back.");
    await client.monitor("restore");
    client.send("c");
    let more = "";
    while (!more.includes("status 0")) more += textOf(await client.receive());
  });
});

describe("a broken client", () => {
  it("that drops the line while the guest runs leaves it running, without breakpoints", async () => {
    await client.ask(`Z0,${helloWrite},1`);
    client.send("c");
    client.hangUp();
    await client.served;
    expect(lab.machine.running).toBe(true);
    await expectGood();
  });

  it("that drops the line at a breakpoint leaves it running, without breakpoints", async () => {
    await client.ask(`Z0,${helloWrite},1`);
    client.send("c");
    await stop();
    client.hangUp();
    await client.served;
    expect(lab.machine.running).toBe(true);
    await expectGood();
  });

  it("that finds the guest frozen leaves it so, whatever it did", async () => {
    await shell(lab, "rmmod hello");
    await lab.insmod("/home/student/3-locking/hello.ko");
    await lab.run("./a.out", { cwd: "/home/student/3-locking" });
    expect(lab.doom?.outcome).toBe("frozen");
    await client.ask("?");
    client.send("c");
    await new Promise((resolve) => setImmediate(resolve));
    expect(lab.machine.running).toBe(true);
    client.raw("\x03");
    expect((await stop()).reply).toMatch(/^T02/);
    client.send("c");
    client.hangUp();
    await client.served;
    expect(lab.machine.running).toBe(false);
  });

  it("cannot do harm by what it sends", async () => {
    const random = seededRandom(0x90d);
    const words = ["m", "g", "p", "Z0,", "z0,", "vCont;", "qXfer:features:read:", "qRcmd,", "H"];
    for (let round = 0; round < 400; round++) {
      if (client.closed) {
        await client.served;
        client = new TestClient(owner.server);
      }
      const word = words[Math.floor(random() * words.length)] ?? "";
      const rest = random() < 0.5 ? hexOf(randomBytes(random, 4)) : `${helloWrite},1`;
      const body = `${word}${rest}`;
      const sum = random() < 0.2 ? "00" : checksum(body);
      client.raw(random() < 0.1 ? `$${body}` : `$${body}#${sum}`);
      if (random() < 0.05) client.raw(`$${"m".repeat(LARGEST_PACKET * 2)}`);
      if (random() < 0.1) client.send("vCont;c");
      if (random() < 0.3) await new Promise((resolve) => setImmediate(resolve));
      if (random() < 0.1) client.hangUp();
    }
    client.hangUp();
    await client.served;
    await expectGood();
  });
});
