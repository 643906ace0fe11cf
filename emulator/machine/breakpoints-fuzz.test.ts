/** Many breakpoints at random instructions of a kernel that works, is saved, restored and killed. */
import { createHash } from "node:crypto";
import { Decoder, DecoderOptions } from "iced-x86";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shell } from "../lab/test-support/guest.js";
import { bootLab, type Lab } from "../node/index.js";
import type { Breakpoint, Machine } from "./machine.js";
import { seededRandom } from "./test-support/random.js";

import { readSymbols } from "./test-support/stopped-guest.js";

/** Functions that the work below goes through, interrupts, page faults and task switches included. */
const FUNCTIONS = [
  "_raw_spin_lock",
  "_raw_spin_lock_irqsave",
  "__schedule",
  "try_to_wake_up",
  "handle_mm_fault",
  "asm_exc_page_fault",
  "entry_SYSENTER_32",
  "common_interrupt",
  "tick_handle_periodic",
  "vfs_read",
  "vfs_write",
  "kmem_cache_alloc",
  "kmem_cache_free",
  "do_sys_openat2",
  "copy_process",
  "do_exit",
];
const BYTES_OF_EACH = 200;
const ROUNDS = 5;
const AT_ONCE = 60;
const WORK = "seq 1 200 | sort -n | tail -1; ls /etc | wc -l; echo $((6 * 7)); sleep 0.02";

let lab: Lab;
let machine: Machine;
let text: () => string;
let untouched: string;
let instructions: number[];
let addressOf: (symbol: string) => number;

beforeAll(async () => {
  lab = await bootLab({ lockLog: false });
  machine = lab.machine;
  addressOf = await readSymbols(lab);
  const [start, end] = [addressOf("_stext"), addressOf("_etext")];
  text = () =>
    createHash("sha256")
      .update(machine.readVirtual(start, end - start))
      .digest("hex");
  untouched = text();
  instructions = FUNCTIONS.flatMap((name) => instructionsOf(addressOf(name)));
});

afterAll(() => lab.close());

/** Where instructions begin, up to where the function may be over. */
function instructionsOf(start: number): number[] {
  const decoder = new Decoder(32, machine.readVirtual(start, BYTES_OF_EACH), DecoderOptions.None);
  decoder.ip = BigInt(start);
  const addresses: number[] = [];
  while (decoder.position < BYTES_OF_EACH - 15) {
    const { ip, isInvalid, nextIP } = decoder.decode();
    if (isInvalid) break;
    addresses.push(Number(ip));
    // Behind a return there may be padding, and then another function: as good as this one.
    decoder.ip = nextIP;
  }
  return addresses;
}

async function work(): Promise<string> {
  return shell(lab, WORK);
}

describe("breakpoints", () => {
  it("at random instructions change nothing, whatever is done in between", async () => {
    const random = seededRandom(5);
    const pick = (count: number): number => Math.floor(random() * count);
    const expected = await work();
    let hits = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const set: Breakpoint[] = Array.from({ length: AT_ONCE }, () =>
        machine.setBreakpoint(instructions[pick(instructions.length)] ?? 0, () => hits++),
      );
      expect(await work()).toBe(expected);
      if (pick(2) === 0) await lab.restore();
      if (pick(2) === 0) {
        machine.pause();
        const saved = machine.save();
        for (let steps = pick(200); steps > 0; steps--) machine.step();
        await machine.restore(saved);
        machine.run();
      }
      expect(set.every(({ state }) => state.kind === "planted")).toBe(true);
      expect(await work()).toBe(expected);
      expect(text()).toBe(untouched);
      for (const breakpoint of set) breakpoint[Symbol.dispose]();
      expect(await work()).toBe(expected);
    }
    expect(hits).toBeGreaterThan(1000);
    // Nothing hides anything now.
    expect(text()).toBe(untouched);
    expect(await shell(lab, "dmesg")).not.toMatch(/BUG:|Oops|soft lockup|stalls? on/);
  });

  it("outlive an error in one of their callbacks, and the engine that it ends", async () => {
    let hits = 0;
    const entry = addressOf("__ia32_sys_sethostname");
    using good = machine.setBreakpoint(entry, () => hits++);
    const bad = machine.setBreakpoint(addressOf("do_exit") + 1, () => {
      throw new Error("an error in a callback");
    });
    expect((await lab.sh("true; true")).outcome).toBe("dead");
    expect(machine.dead).toMatchObject({ kind: "engine-failure" });
    expect(text()).toBe(untouched);
    bad[Symbol.dispose]();
    await lab.restore();
    expect(good.state).toEqual({ kind: "planted" });
    expect(await shell(lab, "hostname alive; hostname")).toBe("alive\n");
    expect(hits).toBe(1);
    expect(text()).toBe(untouched);
  });

  it("outlive a panic", async () => {
    let hits = 0;
    using breakpoint = machine.setBreakpoint(addressOf("__ia32_sys_sethostname"), () => hits++);
    await lab.sh("echo c > /proc/sysrq-trigger");
    await lab.restore();
    expect(breakpoint.state).toEqual({ kind: "planted" });
    expect(await shell(lab, "hostname alive; hostname")).toBe("alive\n");
    expect(hits).toBe(1);
  });
});
