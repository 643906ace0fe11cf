import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { compiledEngine } from "./build/compile-engine.js";
import { REGISTERS, type RegisterName, X64Machine } from "./x64-machine.js";

const CODE = 0x10000;
/** Five pages; behind them nothing is mapped. */
const DATA = 0x20000;
const PAGE = 0x1000;
const DATA_BYTES = 5 * PAGE;
const MIB = 1 << 20;

let module: WebAssembly.Module;
let machine: X64Machine;
let data: Uint8Array;

beforeAll(async () => {
  module = await compiledEngine();
});

beforeEach(async () => {
  machine = await X64Machine.create(module, MIB);
  const view = new DataView(machine.ram.buffer, machine.ram.byteOffset);
  // A table of each level (SDM vol. 3A, 4.5); pages of 4 KiB where they are.
  view.setUint32(0x1000, 0x2007, true);
  view.setUint32(0x2000, 0x3007, true);
  view.setUint32(0x3000, 0x4007, true);
  for (let page = CODE / PAGE; page < (DATA + DATA_BYTES) / PAGE; page++) {
    view.setUint32(0x4000 + page * 8, (page * PAGE) | 7, true);
  }
  data = machine.ram.subarray(DATA, DATA + DATA_BYTES);
  for (let at = 0; at < data.length; at++) data[at] = (at * 7 + (at >> 8)) & 0xff;
  machine.processor.pageTables = 0x1000;
  machine.processor.interceptsExceptions = true;
});

const register = (name: RegisterName): bigint =>
  machine.processor.registers[REGISTERS.indexOf(name)] ?? 0n;

/** Runs a repeated instruction until it is done, or a page is missing. */
function run(code: number[], state: Partial<Record<RegisterName, number>>): { vector: number } {
  machine.ram.set([...code, 0x0f, 0x0b], CODE);
  for (const [name, value] of Object.entries(state)) {
    machine.processor.registers[REGISTERS.indexOf(name as RegisterName)] = BigInt(value);
  }
  machine.processor.rip = BigInt(CODE);
  const end = machine.processor.run(100_000);
  if (end.reason !== "exception") throw new Error(`It ended by ${end.reason}.`);
  return end.exception;
}

const UD = 6;
const PF = 14;
const REP_MOVSB = [0xf3, 0xa4];
const REP_MOVSQ = [0xf3, 0x48, 0xa5];
const REP_STOSB = [0xf3, 0xaa];
const REP_STOSD = [0xf3, 0xab];

/** What SDM vol. 2B says of MOVS, element after element. */
function moved(from: number, to: number, count: number, size: number): Uint8Array {
  const bytes = data.slice();
  for (let element = 0; element < count; element++) {
    const value = bytes.slice(from + element * size, from + (element + 1) * size);
    bytes.set(value, to + element * size);
  }
  return bytes;
}

describe("REP MOVS over many pages", () => {
  it.each([
    [REP_MOVSB, 1, 0x10, 0x2345, 9000],
    [REP_MOVSQ, 8, 0x13, 0x2345, 1100],
    [REP_MOVSB, 1, 0x2345, 0x10, 9000],
    // The source is what the target was before.
    [REP_MOVSB, 1, 0x10, 0x11, 9000],
    [REP_MOVSB, 1, 0x10, 0x17, 9000],
    [REP_MOVSQ, 8, 0x10, 0x13, 1000],
    [REP_MOVSQ, 8, 0x10, 0x18, 1000],
    [REP_MOVSQ, 8, 0x13, 0x10, 1000],
    [REP_MOVSB, 1, 0x10, 0x10, 9000],
  ])("%j of %d bytes from %x to %x, %d times", (code, size, from, to, count) => {
    const expected = moved(from, to, count, size);
    const { vector } = run(code, { rsi: DATA + from, rdi: DATA + to, rcx: count });
    expect(vector).toBe(UD);
    expect(Buffer.compare(data, expected)).toBe(0);
    expect(register("rcx")).toBe(0n);
    expect(register("rsi")).toBe(BigInt(DATA + from + count * size));
    expect(register("rdi")).toBe(BigInt(DATA + to + count * size));
  });

  it("stops at the page that is missing, with exact registers", () => {
    const from = 0x10;
    const to = DATA_BYTES - 5000;
    const expected = moved(from, to, 5000, 1);
    const { vector } = run(REP_MOVSB, { rsi: DATA + from, rdi: DATA + to, rcx: 7000 });
    expect(vector).toBe(PF);
    expect(machine.processor.rip).toBe(BigInt(CODE));
    expect(register("rcx")).toBe(2000n);
    expect(register("rsi")).toBe(BigInt(DATA + from + 5000));
    expect(register("rdi")).toBe(BigInt(DATA + DATA_BYTES));
    expect(Buffer.compare(data, expected)).toBe(0);
  });
});

describe("REP STOS over many pages", () => {
  it.each([
    [REP_STOSB, 1, 0xab, 0x123, 9000],
    [REP_STOSD, 4, 0xabababab, 0x121, 2500],
    [REP_STOSD, 4, 0x12345678, 0x121, 2500],
  ])("%j of %d bytes, %x to %x, %d times", (code, size, value, to, count) => {
    const expected = data.slice();
    for (let at = 0; at < count * size; at++) expected[to + at] = value >>> ((at % size) * 8);
    const { vector } = run(code, { rax: value, rdi: DATA + to, rcx: count });
    expect(vector).toBe(UD);
    expect(Buffer.compare(data, expected)).toBe(0);
    expect(register("rcx")).toBe(0n);
    expect(register("rdi")).toBe(BigInt(DATA + to + count * size));
  });

  it("writes its own instruction while it repeats, and what follows", () => {
    // rep stosb over the instruction behind it: NOPs, then the UD2 that is kept.
    const { vector } = run([...REP_STOSB, 0xcc, 0xcc, 0xcc], {
      rax: 0x90,
      rdi: CODE + 2,
      rcx: 3,
    });
    expect(vector).toBe(UD);
    expect(machine.processor.rip).toBe(BigInt(CODE + 5));
  });
});
