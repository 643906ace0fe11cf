/**
 * Steps through the real kernel, each held against what an independent disassembler says that the
 * instruction does, and whole stretches against the same stretch run without a stop.
 */
import { createHash } from "node:crypto";
import {
  Code,
  Decoder,
  DecoderOptions,
  FlowControl,
  type Instruction,
  OpKind,
  Register,
} from "iced-x86";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bootLab, type Lab } from "../node/index.js";
import { instructionClock } from "./clock.js";
import type { Machine, Registers } from "./machine.js";

import { readSymbols, stopAt } from "./test-support/stopped-guest.js";

const LONGEST_INSTRUCTION = 15;
const STEPS = 4_000;

let lab: Lab;
let machine: Machine;
let addressOf: (symbol: string) => number;

beforeAll(async () => {
  lab = await bootLab({ lockLog: false, jit: false, clock: instructionClock() });
  machine = lab.machine;
  addressOf = await readSymbols(lab);
});

afterEach(() => machine.run());
afterAll(() => lab.close());

function decode(instructionPointer: bigint): Instruction | undefined {
  for (let length = LONGEST_INSTRUCTION; length > 0; length--) {
    try {
      const bytes = machine.readVirtual(instructionPointer, length);
      const decoder = new Decoder(32, bytes, DecoderOptions.None);
      decoder.ip = instructionPointer;
      return decoder.decode();
    } catch {
      // The page behind it is not mapped.
    }
  }
  return undefined;
}

function read32(address: bigint): bigint | undefined {
  try {
    const bytes = machine.readVirtual(address & 0xffff_ffffn, 4);
    return BigInt(new DataView(bytes.buffer).getUint32(0, true));
  } catch {
    return undefined;
  }
}

const REGISTERS = new Map<number, string>([
  [Register.EAX, "eax"],
  [Register.ECX, "ecx"],
  [Register.EDX, "edx"],
  [Register.EBX, "ebx"],
  [Register.ESP, "esp"],
  [Register.EBP, "ebp"],
  [Register.ESI, "esi"],
  [Register.EDI, "edi"],
]);

function registerValue(register: number, { general }: Registers): bigint | undefined {
  const name = REGISTERS.get(register);
  return register === Register.None ? 0n : name === undefined ? undefined : general[name];
}

/** Where an instruction may lead, from the processor's manual; undefined: not told from here. */
function successors(instruction: Instruction, registers: Registers): bigint[] | undefined {
  // It leads to the address in a register of its own, IA32_SYSENTER_EIP, which Linux sets to:
  if (instruction.code === Code.Sysenter) return [BigInt(addressOf("entry_SYSENTER_32"))];
  switch (instruction.flowControl) {
    case FlowControl.Next:
      return [instruction.nextIP, ...(repeats(instruction) ? [instruction.ip] : [])];
    case FlowControl.UnconditionalBranch:
    case FlowControl.Call:
      return [instruction.nearBranchTarget];
    case FlowControl.ConditionalBranch:
      return [instruction.nextIP, instruction.nearBranchTarget];
    case FlowControl.Return:
      return instruction.code === Code.Retnd || instruction.code === Code.Retnd_imm16
        ? known(read32(registers.stackPointer))
        : undefined;
    case FlowControl.IndirectBranch:
    case FlowControl.IndirectCall:
      return known(indirectTarget(instruction, registers));
    default:
      return undefined;
  }
}

function repeats({ hasRepPrefix, hasRepnePrefix, isStringInstruction }: Instruction): boolean {
  return isStringInstruction && (hasRepPrefix || hasRepnePrefix);
}

function indirectTarget(instruction: Instruction, registers: Registers): bigint | undefined {
  if (instruction.op0Kind === OpKind.Register)
    return registerValue(instruction.op0Register, registers);
  const base = registerValue(instruction.memoryBase, registers);
  const index = registerValue(instruction.memoryIndex, registers);
  if (base === undefined || index === undefined || instruction.hasSegmentPrefix) return undefined;
  const scaled = index * BigInt(instruction.memoryIndexScale);
  return read32(base + scaled + instruction.memoryDisplacement);
}

function known(target: bigint | undefined): bigint[] | undefined {
  return target === undefined ? undefined : [target];
}

function memoryHash(): string {
  const memory = machine.readPhysical(0, machine.memoryBytes);
  return createHash("sha256").update(memory).digest("hex");
}

describe("a step", () => {
  // A call of the kernel each that does something else: paths, forks, signals, pipes, time.
  it.each([
    ["__ia32_sys_execve", "ls /"],
    ["kernel_clone", "true | cat"],
    ["do_exit", "true"],
    ["vfs_read", "cat /proc/meminfo"],
    ["asm_exc_page_fault", "true"],
    ["schedule", "sleep 0.01"],
    ["__ia32_sys_kill", "kill -0 $$"],
  ])("from %s on leads where the disassembler says", async (symbol, script) => {
    const stopped = await stopAt(lab, addressOf(symbol), `${script} > /dev/null`);
    const pageFault = BigInt(addressOf("asm_exc_page_fault"));
    const elsewhere: string[] = [];
    let told = 0;
    for (let count = 0; count < STEPS; count++) {
      const before = machine.registers();
      const instruction = decode(before.instructionPointer);
      const expected = instruction && successors(instruction, before);
      const { outcome } = machine.step();
      if (outcome !== "stepped") break;
      const { instructionPointer } = machine.registers();
      if (expected?.includes(instructionPointer)) told++;
      // Nothing else here faults.
      else if (expected !== undefined && instructionPointer !== pageFault) {
        elsewhere.push(`${before.instructionPointer.toString(16)} to ${instructionPointer}`);
      }
    }
    expect(elsewhere).toEqual([]);
    expect(told).toBeGreaterThan(500);
    await stopped.finish();
    expect(new TextDecoder().decode((await lab.sh("dmesg | tail -1")).stdout)).not.toMatch(
      /BUG|Oops|lockup|stall/,
    );
  });

  it("makes the same of the machine as the same stretch without a stop", async () => {
    // It looks up a path, and neither time nor chance has a part in it.
    const stopped = await stopAt(lab, addressOf("vfs_statx"), "ls -l /etc/passwd");
    const [returnAddress = 0n] = known(read32(machine.registers().stackPointer)) ?? [];
    const start = machine.save();
    const from = machine.sample().instructions;
    let steps = 0;
    while (machine.registers().instructionPointer !== returnAddress) {
      expect(machine.step().outcome).toBe("stepped");
      steps++;
    }
    const stepped = { registers: machine.registers(), memory: memoryHash() };
    const steppedInstructions = machine.sample().instructions - from;
    await machine.restore(start);
    const again = machine.sample().instructions;
    const arrived = new Promise<void>((resolve) => {
      const breakpoint = machine.setBreakpoint(returnAddress, () => {
        machine.pause();
        breakpoint[Symbol.dispose]();
        resolve();
      });
    });
    machine.run();
    await arrived;
    expect({ registers: machine.registers(), memory: memoryHash() }).toEqual(stepped);
    // The stretch itself, and the HLT that has stopped it.
    expect(machine.sample().instructions - again).toBe(steps + 1);
    expect(steppedInstructions).toBe(steps - 1);
    await stopped.finish();
  });
});
