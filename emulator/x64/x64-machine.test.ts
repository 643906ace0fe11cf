import { beforeAll, describe, expect, it } from "vitest";
import { compiledEngine } from "./build/compile-engine.js";
import { CODE, flatMachine, UNMAPPED } from "./test-support/flat-machine.js";
import { REGISTERS, type RegisterName, X64Machine } from "./x64-machine.js";

let module: WebAssembly.Module;
let machine: X64Machine;

beforeAll(async () => {
  module = await compiledEngine();
});

async function load(...code: number[]): Promise<void> {
  machine = await flatMachine(module, code);
}

function register(name: RegisterName): bigint | undefined {
  return machine.processor.registers[REGISTERS.indexOf(name)];
}

describe("a run", () => {
  it("ends when its budget is used up, in the middle of a block", async () => {
    // add $1, %eax; add $2, %rcx; add $3, %edx; ud2
    await load(0x83, 0xc0, 1, 0x48, 0x83, 0xc1, 2, 0x83, 0xc2, 3, 0x0f, 0x0b);
    expect(machine.processor.run(2)).toEqual({ reason: "budget" });
    expect([register("rax"), register("rcx"), register("rdx")]).toEqual([1n, 2n, 0n]);
    expect(machine.processor.rip).toBe(BigInt(CODE + 7));
    expect(machine.processor.instructions).toBe(2n);
  });

  it("ends with the exception that is intercepted, and nothing of its instruction is done", async () => {
    // add $1, %eax; add %eax, 0x200000
    await load(0x83, 0xc0, 1, 0x01, 0x04, 0x25, 0, 0, 0x20, 0);
    const end = machine.processor.run(10);
    expect(end).toEqual({
      reason: "exception",
      exception: { vector: 14, error: 2, cr2: BigInt(UNMAPPED) },
    });
    expect(machine.processor.rip).toBe(BigInt(CODE + 3));
    expect(machine.processor.instructions).toBe(1n);
  });
});

it("executes more code than there is room for decoded blocks", async () => {
  const CHUNKS = 20_000;
  const ROUNDS = 3;
  // inc %eax; 60 nops; jmp to what follows: a block, which is linked to the next one.
  const chunk = [0xff, 0xc0, ...Array.from({ length: 60 }, () => 0x90), 0xeb, 0];
  const code = Array.from({ length: CHUNKS }, () => chunk).flat();
  // dec %ecx; jnz to the begin; ud2
  const back = new DataView(new ArrayBuffer(4));
  back.setInt32(0, -(code.length + 8), true);
  code.push(0xff, 0xc9, 0x0f, 0x85, ...new Uint8Array(back.buffer), 0x0f, 0x0b);
  await load();
  machine.ram.set(code, CODE);
  machine.processor.registers[1] = BigInt(ROUNDS);
  const end = machine.processor.run(CHUNKS * ROUNDS * 62 + 100);
  expect(end).toMatchObject({ reason: "exception", exception: { vector: 6 } });
  expect(register("rax")).toBe(BigInt(CHUNKS * ROUNDS));
  expect(machine.processor.rip).toBe(BigInt(CODE + code.length - 2));
  expect(machine.processor.count("flushes")).toBeGreaterThan(1);
});

it.each([0, 4095, 3 * 2 ** 30])("%d bytes of memory are refused", async (bytes) => {
  await expect(X64Machine.create(module, bytes)).rejects.toThrow(RangeError);
});
