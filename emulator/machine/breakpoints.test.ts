/** Breakpoints in a real kernel, which must not notice them. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Lab } from "../lab/index.js";
import { shell } from "../lab/test-support/guest.js";
import { type Breakpoint, MachineError } from "./machine.js";
import { bootSteppingLab } from "./test-support/stepping-lab.js";

let lab: Lab;
let symbols: ReadonlyMap<string, number>;
let breakpoint: Breakpoint | undefined;

beforeAll(async () => {
  lab = await bootSteppingLab({ lockLog: false });
  const kallsyms = await shell(lab, "cat /proc/kallsyms");
  symbols = new Map(
    kallsyms.split("\n").map((line) => {
      const [address = "", , name = ""] = line.split(/\s+/);
      return [name, Number.parseInt(address, 16)];
    }),
  );
});

afterEach(() => breakpoint?.[Symbol.dispose]());
afterAll(() => lab.close());

function addressOf(symbol: string): number {
  const address = symbols.get(symbol);
  if (address === undefined) throw new Error(`This kernel has no ${symbol}.`);
  return address;
}

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof MachineError) return error.code;
    throw error;
  }
  return undefined;
}

describe("a breakpoint", () => {
  it("is hit each time the function is called, and the guest does not notice", async () => {
    const address = addressOf("__ia32_sys_sethostname");
    const stacks: bigint[] = [];
    breakpoint = lab.machine.setBreakpoint(address, (hit) => {
      expect(hit.address).toBe(BigInt(address));
      const { instructionPointer, stackPointer } = lab.machine.registers();
      expect(instructionPointer).toBe(BigInt(address));
      stacks.push(stackPointer);
    });
    expect(await shell(lab, "for name in a b c; do hostname $name; done; hostname")).toBe("c\n");
    expect(stacks).toHaveLength(3);
    breakpoint[Symbol.dispose]();
    expect(await shell(lab, "hostname kspace; hostname")).toBe("kspace\n");
    expect(stacks).toHaveLength(3);
  });

  it("sees tens of thousands of calls", async () => {
    let hits = 0;
    breakpoint = lab.machine.setBreakpoint(addressOf("vfs_write"), () => hits++);
    const blocks = 20_000;
    await shell(lab, `dd if=/dev/zero of=/dev/null bs=1 count=${blocks} 2>/dev/null`);
    expect(hits).toBeGreaterThanOrEqual(blocks);
    expect(hits).toBeLessThan(blocks + 1000);
  });

  it("is refused where nothing is mapped, and in a program's memory", async () => {
    expect(codeOf(() => lab.machine.setBreakpoint(0n, () => undefined))).toBe("bad-address");
    expect(codeOf(() => lab.machine.setBreakpoint(2n ** 40n, () => undefined))).toBe("bad-address");
  });
});
