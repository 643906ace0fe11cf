import { describe, expect, it } from "vitest";
import type { Registers } from "../machine/machine.js";
import { returnAddresses } from "./stack-walk.js";

/** A stopped machine, with words of memory by their addresses. */
function machine(framePointer: number, words: Readonly<Record<number, number>>) {
  return {
    registers: () => ({ framePointer: BigInt(framePointer) }) as Registers,
    readVirtual(address: number, length: number): Uint8Array {
      const view = new DataView(new ArrayBuffer(length));
      for (let at = 0; at < length; at += 4) {
        const word = words[address + at];
        if (word === undefined) throw new Error(`Nothing is mapped at ${address + at}.`);
        view.setUint32(at, word, true);
      }
      return new Uint8Array(view.buffer);
    },
  };
}

/** `struct pt_regs` of 32 bits, in its order in memory. */
function savedRegisters(at: number, values: { bp: number; ip: number; cs: number }) {
  const words: Record<number, number> = {};
  for (let offset = 0; offset < 68; offset += 4) words[at + offset] = 0;
  words[at + 20] = values.bp;
  words[at + 48] = values.ip;
  words[at + 52] = values.cs;
  return words;
}

describe("returnAddresses", () => {
  it("follows frame pointers, up to where the program called", () => {
    const user = savedRegisters(0xc2000f00, { bp: 0xbf000000, ip: 0xb7f00000, cs: 0x73 });
    const stack = {
      3254783488: 0xc2000e40,
      3254783492: 0xc1111111,
      3254783552: 0x42000f00, // The saved registers, without the top bit.
      3254783556: 0xc1222222,
      ...user,
    };
    expect(returnAddresses(machine(0xc2000e00, stack))).toEqual([0xc1111111, 0xc1222222]);
  });

  it("goes on behind an interrupt of the kernel, with the place that was interrupted", () => {
    const kernel = savedRegisters(0xc2000e80, { bp: 0xc2000f00, ip: 0xc1333333, cs: 0x60 });
    const stack = {
      ...kernel,
      3254783488: 0x42000e80,
      3254783492: 0xc1111111,
      3254783744: 0,
      3254783748: 0xc1444444,
    };
    expect(returnAddresses(machine(0xc2000e00, stack))).toEqual([
      0xc1111111, 0xc1333333, 0xc1444444,
    ]);
  });

  it("ends where a chain is broken, goes in a circle, or has no end", () => {
    const circle = { 3254783488: 0xc2000e00, 3254783492: 0xc1111111 };
    expect(returnAddresses(machine(0xc2000e00, circle))).toEqual([0xc1111111]);
    const unmapped = { 3254783488: 0xc9000000, 3254783492: 0xc1111111 };
    expect(returnAddresses(machine(0xc2000e00, unmapped))).toEqual([0xc1111111]);
    expect(returnAddresses(machine(0, {}))).toEqual([]);
    const endless: Record<number, number> = {};
    for (let at = 0xc2000000; at < 0xc2001000; at += 8) {
      endless[at] = at + 8;
      endless[at + 4] = 0xc1111111;
    }
    expect(returnAddresses(machine(0xc2000000, endless)).length).toBeLessThanOrEqual(24);
  });
});
