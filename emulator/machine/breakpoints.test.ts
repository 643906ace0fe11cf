/** Breakpoints in a real kernel, which must not notice them. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { shell } from "../lab/test-support/guest.js";
import { bootLab, Images, Lab, nodeImageSource } from "../node/index.js";
import { hostClock } from "./clock.js";
import type { Breakpoint, Machine } from "./machine.js";
import { codeOf } from "./test-support/error-code.js";
import { readSymbols, stopAt } from "./test-support/stopped-guest.js";

const HLT = 0xf4;
const NOP = 0x90;

let lab: Lab;
let machine: Machine;
let addressOf: (symbol: string) => number;
/** Host time that a test adds. */
let skippedMs = 0;
const breakpoints: Breakpoint[] = [];

beforeAll(async () => {
  const clock = hostClock(() => performance.now() + skippedMs);
  lab = await bootLab({ lockLog: false, clock });
  machine = lab.machine;
  addressOf = await readSymbols(lab);
});

afterEach(() => {
  for (const breakpoint of breakpoints.splice(0)) breakpoint[Symbol.dispose]();
  machine.run();
});

afterAll(() => lab.close());

function breakAt(address: number, onHit: () => void = () => undefined): Breakpoint {
  const breakpoint = machine.setBreakpoint(address, onHit);
  breakpoints.push(breakpoint);
  return breakpoint;
}

const COMPLAINTS = /BUG:|Oops|soft lockup|stalls? on|hung_task|blocked for more/;

async function kernelLog(): Promise<string> {
  return shell(lab, "dmesg");
}

describe("a breakpoint", () => {
  it("is hit each time the function is called, and the guest does not notice", async () => {
    const address = addressOf("__ia32_sys_sethostname");
    const stacks: bigint[] = [];
    const breakpoint = machine.setBreakpoint(BigInt(address), (hit) => {
      expect(hit.address).toBe(BigInt(address));
      const { instructionPointer, stackPointer } = machine.registers();
      expect(instructionPointer).toBe(BigInt(address));
      stacks.push(stackPointer);
    });
    expect(await shell(lab, "for name in a b c; do hostname $name; done; hostname")).toBe("c\n");
    expect(stacks).toHaveLength(3);
    breakpoint[Symbol.dispose]();
    expect(await shell(lab, "hostname kspace; hostname")).toBe("kspace\n");
    expect(stacks).toHaveLength(3);
  });

  it("sees tens of thousands of calls, at several instructions of the function", async () => {
    const hits = [0, 0, 0];
    const address = addressOf("vfs_write");
    // push %ebp; mov %esp,%ebp; push %ebx: 1, 2 and 1 bytes.
    for (const [index, offset] of [0, 1, 3].entries()) {
      breakAt(address + offset, () => {
        hits[index] = (hits[index] ?? 0) + 1;
      });
    }
    const blocks = 20_000;
    await shell(lab, `dd if=/dev/zero of=/dev/null bs=1 count=${blocks} 2>/dev/null`);
    expect(hits[0]).toBeGreaterThanOrEqual(blocks);
    expect(hits[0]).toBeLessThan(blocks + 1000);
    expect(hits).toEqual([hits[0], hits[0], hits[0]]);
  });

  it("on _raw_spin_lock is hit from everywhere, and time and interrupts go on", async () => {
    let hits = 0;
    breakAt(addressOf("_raw_spin_lock"), () => hits++);
    const before = await shell(lab, "cat /proc/interrupts | grep timer");
    await shell(lab, "for i in 1 2 3; do find / -xdev > /dev/null 2>&1; sleep 0.1; done");
    expect(hits).toBeGreaterThan(1000);
    expect(await shell(lab, "cat /proc/interrupts | grep timer")).not.toBe(before);
    expect(await kernelLog()).not.toMatch(COMPLAINTS);
  });

  it("calls all that were set at the same address, and only while they are", async () => {
    const calls: string[] = [];
    const address = addressOf("__ia32_sys_sethostname");
    const first = breakAt(address, () => calls.push("first"));
    breakAt(address, () => calls.push("second"));
    await shell(lab, "hostname a");
    first[Symbol.dispose]();
    await shell(lab, "hostname b");
    expect(calls).toEqual(["first", "second", "second"]);
  });

  it("on the HLT of the idle task itself is hit, and the processor still wakes", async () => {
    await shell(lab, "sleep 0.1");
    const idle = machine.sample();
    expect(idle.halted).toBe(true);
    const address = idle.instructionPointer - 1;
    expect(machine.readVirtual(address, 1)).toEqual(Uint8Array.of(HLT));
    let hits = 0;
    const breakpoint = breakAt(address, () => hits++);
    await shell(lab, "for i in 1 2 3 4 5; do sleep 0.02; done");
    expect(hits).toBeGreaterThanOrEqual(5);
    breakpoint[Symbol.dispose]();
    expect(machine.readVirtual(address, 1)).toEqual(Uint8Array.of(HLT));
  });

  it("is refused where nothing is mapped, and in a program's memory", async () => {
    const set = (address: number | bigint) => codeOf(() => machine.setBreakpoint(address, () => 0));
    expect(set(0n)).toBe("bad-address");
    expect(set(2n ** 40n)).toBe("bad-address");
    const stopped = await stopAt(lab, addressOf("vfs_write"), "echo");
    while (machine.sample().privilegeLevel === 0) machine.step();
    expect(set(machine.sample().instructionPointer)).toBe("unsupported-breakpoint");
    await stopped.finish();
  });
});

describe("a stopped machine", () => {
  it("stays where it is, whatever arrives", async () => {
    const stopped = await stopAt(lab, addressOf("__ia32_sys_sethostname"), "hostname arrives");
    const before = machine.sample();
    expect(before.interruptsEnabled).toBe(true);
    machine.serial[0]?.write(Uint8Array.of(10));
    expect(machine.sample()).toEqual(before);
    // It is pending now, and no step lets it in: not even those over STI, POPF and IRET.
    const places = new Set<number>();
    for (let count = 0; count < 5000; count++) {
      machine.step();
      places.add(machine.sample().instructionPointer);
    }
    expect(places).not.toContain(addressOf("asm_common_interrupt"));
    expect(machine.sample().guestMs).toBe(before.guestMs);
    await stopped.finish();
  });

  it("stands before the instruction, and goes on without a second hit", async () => {
    let hits = 0;
    const address = addressOf("__ia32_sys_sethostname");
    breakAt(address, () => hits++);
    const stopped = await stopAt(lab, address, "hostname stopped; hostname");
    expect(machine.running).toBe(false);
    expect(machine.sample().instructionPointer).toBe(address);
    expect(machine.step()).toEqual({ outcome: "stepped" });
    expect(machine.sample().instructionPointer).toBe(address + 1);
    expect(await stopped.finish()).toBe("stopped\n");
    expect(hits).toBe(1);
  });

  it("stays healthy for minutes: its clock stands still", async () => {
    const stopped = await stopAt(lab, addressOf("__ia32_sys_sethostname"), "hostname later");
    const { guestMs } = machine.sample();
    skippedMs += 10 * 60 * 1000;
    for (let count = 0; count < 100; count++) machine.step();
    expect(machine.sample().guestMs).toBe(guestMs);
    await stopped.finish();
    expect(machine.sample().guestMs - guestMs).toBeLessThan(30_000);
    await shell(lab, "sleep 1");
    expect(await kernelLog()).not.toMatch(COMPLAINTS);
  });

  it("takes changes of its registers", async () => {
    const entry = addressOf("__ia32_sys_sethostname");
    const stopped = await stopAt(lab, entry, "hostname changed; hostname");
    const before = machine.registers();
    const value = 0x1234_5678n;
    machine.writeRegister("esi", value);
    machine.writeRegister("eflags", before.flags ^ 1n);
    expect(machine.registers()).toEqual({
      ...before,
      general: { ...before.general, esi: value },
      flags: before.flags ^ 1n,
    });
    machine.writeRegister("esi", before.general.esi ?? 0n);
    machine.writeRegister("eflags", before.flags);
    // As a debugger's `return 0`: straight back to the caller, with nothing done.
    const { stackPointer } = before;
    const caller = new DataView(machine.readVirtual(stackPointer, 4).buffer).getUint32(0, true);
    machine.writeRegister("eip", BigInt(caller));
    machine.writeRegister("esp", stackPointer + 4n);
    machine.writeRegister("eax", 0n);
    expect(await stopped.finish()).not.toBe("changed\n");
  });

  it.each([
    ["xmm0", 1n, "unknown-register"],
    ["cs", 1n, "unknown-register"],
    ["eax", -1n, "bad-register-value"],
    ["eax", 2n ** 32n, "bad-register-value"],
    ["eflags", 0x2_0002n, "bad-register-value"],
  ])("refuses %s = %i", (name, value, code) => {
    expect(codeOf(() => machine.writeRegister(name, value))).toBe(code);
  });

  it("does not step while it runs", () => {
    expect(codeOf(() => machine.step())).toBe("not-paused");
  });
});

describe("the guest's code", () => {
  it("is read as the guest's own", () => {
    const address = addressOf("vfs_write");
    const before = machine.readVirtual(address - 8, 64);
    const breakpoint = breakAt(address);
    breakAt(address + 1);
    expect(breakpoint.state).toEqual({ kind: "planted" });
    expect(machine.readVirtual(address - 8, 64)).toEqual(before);
    // i386 maps low memory linearly: PAGE_OFFSET in arch/x86/include/asm/page_32_types.h.
    expect(machine.readPhysical(address - 8 - 0xc000_0000, 64)).toEqual(before);
    expect(machine.readVirtual(address, 1)).toEqual(before.subarray(8, 9));
  });

  it("is written under a breakpoint, and stays so without it", async () => {
    const address = addressOf("__ia32_sys_sethostname");
    const before = machine.readVirtual(address, 1);
    let hits = 0;
    const breakpoint = breakAt(address, () => hits++);
    machine.writeVirtual(address, Uint8Array.of(NOP));
    expect(breakpoint.state).toEqual({ kind: "planted" });
    expect(machine.readVirtual(address, 1)).toEqual(Uint8Array.of(NOP));
    breakpoint[Symbol.dispose]();
    expect(machine.readVirtual(address, 1)).toEqual(Uint8Array.of(NOP));
    machine.writeVirtual(address, before);
    expect(await shell(lab, "hostname written; hostname")).toBe("written\n");
    expect(hits).toBe(0);
  });

  it("is what a saved state holds, and a restored one has the breakpoint again", async () => {
    const address = addressOf("__ia32_sys_sethostname");
    let hits = 0;
    const breakpoint = breakAt(address, () => hits++);
    machine.pause();
    const saved = machine.save();
    breakpoint[Symbol.dispose]();
    const original = machine.readVirtual(address, 8);
    await machine.restore(saved);
    expect(machine.readVirtual(address, 8)).toEqual(original);
    const again = breakAt(address, () => hits++);
    await machine.restore(saved);
    expect(again.state).toEqual({ kind: "planted" });
    await lab.restore();
    expect(again.state).toEqual({ kind: "planted" });
    await shell(lab, "hostname again");
    expect(hits).toBe(1);
  });

  it("of a module that goes leaves the breakpoint inactive, until it is loaded again", async () => {
    const load = "insmod /home/student/2-fops/hello.ko; grep -w hello_write /proc/kallsyms";
    const use = "echo > /dev/hello; rmmod hello";
    const address = Number.parseInt(await shell(lab, load), 16);
    let hits = 0;
    const breakpoint = breakAt(address, () => hits++);
    await shell(lab, use);
    expect(hits).toBe(1);
    expect(breakpoint.state.kind).toBe("inactive");
    // Others use the memory in the meantime.
    await shell(lab, "cat /bin/busybox > /tmp/noise; rm /tmp/noise");
    const again = Number.parseInt(await shell(lab, load), 16);
    await shell(lab, "sleep 0.1");
    expect(breakpoint.state.kind).toBe(again === address ? "planted" : "inactive");
    await shell(lab, use);
    expect(hits).toBe(again === address ? 2 : 1);
    expect(await kernelLog()).not.toMatch(COMPLAINTS);
  });
});

describe("an engine that cannot step", () => {
  it("says so, and still stops at function entries and calls", async () => {
    // As v86 ships it.
    const file = await readFile(createRequire(import.meta.url).resolve("v86/build/v86.wasm"));
    const engine = await WebAssembly.compile(file);
    const images = await Images.open({ ...nodeImageSource(), engine: async () => engine });
    await using plain = await Lab.boot(images, { lockLog: false });
    const entry = addressOf("__ia32_sys_sethostname");
    let hits = 0;
    plain.machine.setBreakpoint(entry, () => hits++);
    expect(codeOf(() => plain.machine.setBreakpoint(entry + 1, () => 0))).toBe(
      "unsupported-breakpoint",
    );
    expect(await shell(plain, "hostname plain; hostname")).toBe("plain\n");
    expect(hits).toBe(1);
    plain.pause();
    expect(["halted", "unsupported-step"]).toContain(
      codeOf(() => plain.machine.step()) ?? "halted",
    );
  });
});
