import { beforeAll, describe, expect, it } from "vitest";
import { compiledEngine } from "../build/compile-engine.js";
import { CODE, flatMachine } from "../test-support/flat-machine.js";
import type { X64Machine } from "../x64-machine.js";

const DEVICE_NOT_AVAILABLE = 7;
const FLOATING_POINT = 16;
const INVALID_OPCODE = 6;

/** Bits of CR0: SDM vol. 3A, 2.5. */
const MONITOR_COPROCESSOR = 1 << 1;
const EMULATION = 1 << 2;
const TASK_SWITCHED = 1 << 3;

/** Where the programs have their data: the 32-bit address in an instruction. */
const DATA = 0x20000;
const AT_DATA = [0x24, 0x25, 0x00, 0x00, 0x02, 0x00] as const;

const FLD1 = [0xd9, 0xe8] as const;
const FLDZ = [0xd9, 0xee] as const;
const FWAIT = [0x9b] as const;
const FNSTSW_AX = [0xdf, 0xe0] as const;
const FNCLEX = [0xdb, 0xe2] as const;
const FDIVP = [0xde, 0xf9] as const;
/** fldcw DATA */
const FLDCW = [0xd9, 0x2c, ...AT_DATA.slice(1)] as const;
/** fxsave64 DATA + 256 */
const FXSAVE64 = [0x48, 0x0f, 0xae, 0x04, 0x25, 0x00, 0x01, 0x02, 0x00] as const;
const UD2 = [0x0f, 0x0b] as const;

/** mov %cr0, %rax; or $bits, %eax; mov %rax, %cr0 */
const setInCr0 = (bits: number) => [0x0f, 0x20, 0xc0, 0x83, 0xc8, bits, 0x0f, 0x22, 0xc0];

let module: WebAssembly.Module;

beforeAll(async () => {
  module = await compiledEngine();
});

/** Runs the code up to its exception: its vector, and how far into the code it was. */
async function run(
  ...parts: (readonly number[])[]
): Promise<{ vector: number; offset: number; machine: X64Machine }> {
  const machine = await flatMachine(module, [...parts.flat(), ...UD2]);
  // Everything masked but division by zero.
  machine.ram.set([0x7b, 0x03], DATA);
  const end = machine.processor.run(100);
  if (end.reason !== "exception") throw new Error(`The run ended by ${end.reason}.`);
  return { vector: end.exception.vector, offset: Number(machine.processor.rip) - CODE, machine };
}

const lengthOf = (...parts: (readonly number[])[]): number => parts.flat().length;

describe("x87 by the bits of CR0 (SDM vol. 3A, table 13-1)", () => {
  it.each([
    ["FLD1", "EM", EMULATION, FLD1],
    ["FLD1", "TS", TASK_SWITCHED, FLD1],
    ["FNSTSW", "TS", TASK_SWITCHED, FNSTSW_AX],
    ["FWAIT", "TS and MP", TASK_SWITCHED | MONITOR_COPROCESSOR, FWAIT],
  ])("%s with %s is #NM", async (_name, _bits, bits, instruction) => {
    const before = setInCr0(bits);
    const { vector, offset } = await run(before, instruction);
    expect(vector).toBe(DEVICE_NOT_AVAILABLE);
    expect(offset).toBe(lengthOf(before));
  });

  it.each([
    ["EM", EMULATION],
    ["TS", TASK_SWITCHED],
    ["MP", MONITOR_COPROCESSOR],
  ])("FWAIT with %s alone is executed", async (_bits, bits) => {
    const { vector } = await run(setInCr0(bits), FWAIT);
    expect(vector).toBe(INVALID_OPCODE);
  });
});

describe("an exception of x87 that is not masked", () => {
  const dividing = [FLDCW, FLD1, FLDZ, FDIVP] as const;

  it.each([
    ["an instruction", FLD1],
    ["FWAIT", FWAIT],
  ])("comes with %s that follows", async (_name, next) => {
    const { vector, offset } = await run(...dividing, FNSTSW_AX, next);
    expect(vector).toBe(FLOATING_POINT);
    expect(offset).toBe(lengthOf(...dividing, FNSTSW_AX));
  });

  it("does not come after FNCLEX", async () => {
    const { vector } = await run(...dividing, FNCLEX, FLD1);
    expect(vector).toBe(INVALID_OPCODE);
  });

  // The values are what an AMD EPYC of the Zen 5 generation stores for this.
  it("leaves where it was, and its opcode", async () => {
    const { machine } = await run(...dividing, FXSAVE64);
    const { buffer, byteOffset } = machine.ram;
    const image = new DataView(buffer, byteOffset + DATA + 256, 512);
    expect(image.getUint16(2, true)).toBe(0xb084);
    expect(image.getUint16(6, true)).toBe(0x6f9);
    expect(Number(image.getBigUint64(8, true))).toBe(CODE + lengthOf(FLDCW, FLD1, FLDZ));
  });
});
