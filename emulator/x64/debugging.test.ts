import { beforeAll, describe, expect, it } from "vitest";
import { compiledEngine } from "./build/compile-engine.js";
import { CODE, flatMachine } from "./test-support/flat-machine.js";
import { type RunEnd, TooManyStopsError, type X64Machine } from "./x64-machine.js";

const at = (offset: number): bigint => BigInt(CODE + offset);
const DATA = 0x20000;
const ENOUGH = 1000;

/** Adds to RAX three times, in a loop of five: 1, 10, 100. */
const LOOP = [
  ...[0xb9, 5, 0, 0, 0], // 0: mov $5, %ecx
  ...[0x48, 0x83, 0xc0, 1], // 5: add $1, %rax
  ...[0x48, 0x83, 0xc0, 10], // 9: add $10, %rax
  ...[0x48, 0x83, 0xc0, 100], // 13: add $100, %rax
  ...[0xff, 0xc9], // 17: dec %ecx
  ...[0x75, 0xf0], // 19: jnz 5
  ...[0x0f, 0x0b], // 21: ud2
];

let module: WebAssembly.Module;
let machine: X64Machine;

beforeAll(async () => {
  module = await compiledEngine();
});

function rax(): bigint | undefined {
  return machine.processor.registers[0];
}

describe("a breakpoint", () => {
  it("ends a run before its instruction, each time, also in the middle of a block", async () => {
    machine = await flatMachine(module, LOOP);
    const { processor } = machine;
    processor.addBreakpoint(at(9));
    const seen: (bigint | undefined)[] = [];
    for (;;) {
      const end = processor.run(ENOUGH);
      if (end.reason !== "breakpoint") break;
      expect(processor.rip).toBe(at(9));
      seen.push(rax());
    }
    expect(seen).toEqual([1n, 112n, 223n, 334n, 445n]);
    expect(rax()).toBe(555n);
    expect(processor.rip).toBe(at(21));
    expect(processor.instructions).toBe(26n);
  });

  it("that comes when its code was executed before, and goes again, is seen and not seen", async () => {
    machine = await flatMachine(module, LOOP);
    const { processor } = machine;
    expect(processor.run(7)).toEqual({ reason: "budget" });
    processor.addBreakpoint(at(13));
    expect(processor.run(ENOUGH)).toEqual({ reason: "breakpoint" });
    expect(rax()).toBe(122n);
    processor.removeBreakpoint(at(13));
    expect(processor.run(ENOUGH)).toMatchObject({ reason: "exception" });
    expect(rax()).toBe(555n);
  });

  it("is at a linear address: the same offset in another page does not count", async () => {
    machine = await flatMachine(module, LOOP);
    machine.processor.addBreakpoint(at(9 + 0x1000));
    machine.processor.addBreakpoint(at(9) + (1n << 40n));
    expect(machine.processor.run(ENOUGH)).toMatchObject({ reason: "exception" });
    expect(machine.processor.instructions).toBe(26n);
  });

  it("is one of thousands, also after others have gone", async () => {
    machine = await flatMachine(module, LOOP);
    const { processor } = machine;
    // The same low bits, so that many of them meet in the table.
    const others = Array.from({ length: 16_000 }, (_, index) => BigInt(index + 1) << 44n);
    for (const address of others) processor.addBreakpoint(address);
    processor.addBreakpoint(at(17));
    for (const address of others) processor.removeBreakpoint(address);
    expect(processor.run(ENOUGH)).toEqual({ reason: "breakpoint" });
    expect(processor.rip).toBe(at(17));
  });

  it("too many is refused", async () => {
    machine = await flatMachine(module, LOOP);
    const { processor } = machine;
    const add = (): void => {
      for (let address = 0n; address < 20_000n; address++) processor.addBreakpoint(address);
    };
    expect(add).toThrow(TooManyStopsError);
    for (let address = 0n; address < 20_000n; address++) processor.removeBreakpoint(address);
    processor.addBreakpoint(0n);
    expect(processor.run(ENOUGH)).toMatchObject({ reason: "exception" });
  });
});

describe("a watchpoint", () => {
  /** mov 0x20000, %eax; mov %al, 0x20003; addq $1, 0x1fffc; ud2 */
  const TOUCHES = [
    ...[0x8b, 0x04, 0x25, 0, 0, 2, 0],
    ...[0x88, 0x04, 0x25, 3, 0, 2, 0],
    ...[0x48, 0x83, 0x04, 0x25, 0xfc, 0xff, 1, 0, 1],
    ...[0x0f, 0x0b],
  ];
  const AFTER_READ = at(7);
  const AFTER_WRITE = at(14);
  const AFTER_UPDATE = at(23);

  async function hits(watch: {
    address: number;
    length: number;
    on: "read" | "write" | "any";
  }): Promise<(readonly [bigint, RunEnd])[]> {
    machine = await flatMachine(module, TOUCHES);
    const { processor } = machine;
    processor.addWatchpoint({ ...watch, address: BigInt(watch.address) });
    const seen: (readonly [bigint, RunEnd])[] = [];
    for (;;) {
      const end = processor.run(ENOUGH);
      if (end.reason !== "watchpoint") return seen;
      seen.push([processor.rip, end]);
    }
  }

  function hit(address: number, access: "read" | "write" | "any"): RunEnd {
    return { reason: "watchpoint", hit: { address: BigInt(address), access } };
  }

  it("ends a run behind the instruction that reads, writes or does both", async () => {
    expect(await hits({ address: DATA + 3, length: 1, on: "any" })).toEqual([
      [AFTER_READ, hit(DATA + 3, "read")],
      [AFTER_WRITE, hit(DATA + 3, "write")],
      [AFTER_UPDATE, hit(DATA + 3, "any")],
    ]);
  });

  it("waits for what it was told to", async () => {
    expect(await hits({ address: DATA + 3, length: 8, on: "write" })).toEqual([
      [AFTER_WRITE, hit(DATA + 3, "write")],
      [AFTER_UPDATE, hit(DATA + 3, "write")],
    ]);
    expect(await hits({ address: DATA + 2, length: 1, on: "read" })).toEqual([
      [AFTER_READ, hit(DATA + 2, "read")],
      [AFTER_UPDATE, hit(DATA + 2, "read")],
    ]);
  });

  it("does not see what lies beside it", async () => {
    expect(await hits({ address: DATA + 4, length: 4, on: "any" })).toEqual([]);
    expect(await hits({ address: DATA - 5, length: 1, on: "any" })).toEqual([]);
  });

  it("sees each element of a string instruction that touches it", async () => {
    // mov $0x1fff0, %edi; mov $64, %ecx; rep stosb; ud2
    const code = [0xbf, 0xf0, 0xff, 1, 0, 0xb9, 64, 0, 0, 0, 0xf3, 0xaa, 0x0f, 0x0b];
    machine = await flatMachine(module, code);
    const { processor } = machine;
    processor.addWatchpoint({ address: BigInt(DATA + 2), length: 1, on: "write" });
    expect(processor.run(ENOUGH)).toEqual(hit(DATA + 2, "write"));
    // It was the nineteenth: an interrupt would find the registers so, too.
    expect(processor.registers[1]).toBeLessThanOrEqual(45n);
    expect(processor.run(ENOUGH)).toMatchObject({ reason: "exception" });
    expect(processor.registers[1]).toBe(0n);
  });

  it("that was removed is not seen, and memory is as fast as before", async () => {
    machine = await flatMachine(module, TOUCHES);
    const watch = { address: BigInt(DATA), length: 4, on: "any" } as const;
    machine.processor.addWatchpoint(watch);
    machine.processor.removeWatchpoint(watch);
    expect(machine.processor.run(ENOUGH)).toMatchObject({ reason: "exception" });
  });
});

it("a run ends at a given instruction, wherever that is in a block", async () => {
  const whole = await flatMachine(module, LOOP);
  whole.processor.run(ENOUGH);
  for (let count = 1; count < 26; count++) {
    machine = await flatMachine(module, LOOP);
    expect(machine.processor.run(count)).toEqual({ reason: "budget" });
    expect(machine.processor.instructions).toBe(BigInt(count));
    const single = await flatMachine(module, LOOP);
    for (let done = 0; done < count; done++) single.processor.run(1);
    expect(machine.processor.registers).toEqual(single.processor.registers);
    expect(machine.processor.rip).toBe(single.processor.rip);
    expect(machine.processor.rflags).toBe(single.processor.rflags);
  }
});
