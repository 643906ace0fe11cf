/** Stacks as a 64-bit kernel lays them out: arch/x86/entry/entry_64.S, asm/irq_stack.h. */
import { beforeEach, describe, expect, it } from "vitest";
import type { StackFrame } from "../index.js";
import {
  IRQ_STACK,
  Kernel64,
  PT_REGS_BYTES,
  STACK_BYTES,
  TASK,
  TASK_STACK,
} from "../test-support/kernel64.js";

let guest: Kernel64;

function places(frames: readonly StackFrame[]): string[] {
  return frames.map((frame) => {
    const place = guest.kernel.placeOf(frame);
    return place === undefined ? "?" : `${place.name}+0x${place.offset.toString(16)}`;
  });
}

const at = (name: string, offset: bigint): bigint => guest.symbol(name) + offset;

/** From the bottom of a frame: the caller's frame pointer, and the address to return to. */
function frame(address: bigint, next: bigint, returnTo: bigint): bigint {
  guest.write(address, next, returnTo);
  return address;
}

/** A program in read(2), as far as the frame of vfs_read(). */
function systemCall(): bigint {
  const registers = TASK_STACK + STACK_BYTES - PT_REGS_BYTES;
  guest.writeRegisters(registers, { orig_ax: 0n, ip: 0x40_1000n, cs: 0x33n, sp: 0x7ffcn });
  const entry = at("entry_SYSCALL_64_after_hwframe", 0x44n);
  // The frame pointer is still the program's own.
  const last = frame(registers - 0x10n, 0x7ffc_1234n, entry);
  const read = frame(last - 0x40n, last, at("do_syscall_64", 0x53n));
  return frame(read - 0x50n, read, at("__x64_sys_read", 0x13n));
}

/** The timer's interrupt in vfs_read(), which goes on on its own stack. */
function interrupt(): { readonly registers: bigint; readonly framePointer: bigint } {
  const vfsRead = systemCall();
  const stackPointer = vfsRead - 0x20n;
  const registers = stackPointer - 0x8n - PT_REGS_BYTES;
  guest.writeRegisters(registers, {
    orig_ax: -1n,
    ip: at("vfs_read", 0x30n),
    cs: 0x10n,
    bp: vfsRead,
    sp: stackPointer,
  });
  // ENCODE_FRAME_POINTER of asm/frame.h: the registers' address and one.
  const asm = at("asm_sysvec_apic_timer_interrupt", 0x16n);
  const sysvec = frame(registers - 0x10n, registers + 1n, asm);
  const onOwnStack = frame(
    IRQ_STACK + STACK_BYTES - 0x30n,
    sysvec,
    at("sysvec_apic_timer_interrupt", 0x92n),
  );
  const framePointer = frame(
    onOwnStack - 0x60n,
    onOwnStack,
    at("__sysvec_apic_timer_interrupt", 0x60n),
  );
  return { registers, framePointer };
}

function stand(instructionPointer: bigint, stackPointer: bigint, framePointer: bigint): void {
  guest.registers = { ...guest.registers, instructionPointer, stackPointer, framePointer };
}

const INTERRUPTED = [
  "hrtimer_interrupt+0x40",
  "__sysvec_apic_timer_interrupt+0x60",
  "sysvec_apic_timer_interrupt+0x92",
  "asm_sysvec_apic_timer_interrupt+0x16",
  "vfs_read+0x30",
  "__x64_sys_read+0x13",
  "do_syscall_64+0x53",
  "entry_SYSCALL_64_after_hwframe+0x44",
];

beforeEach(() => {
  guest = new Kernel64();
});

describe("a 64-bit kernel's stack", () => {
  it("is followed over the interrupt's own stack to the system call", () => {
    const { registers, framePointer } = interrupt();
    stand(at("hrtimer_interrupt", 0x40n), framePointer - 0x30n, framePointer);
    const { frames, end, stacks } = guest.kernel.stack();
    expect(places(frames)).toEqual(INTERRUPTED);
    expect(frames.every(({ reliable }) => reliable)).toBe(true);
    expect(frames[4]?.interruptedBy).toMatchObject({
      kind: "interrupt",
      handler: "sysvec_apic_timer_interrupt",
      registers: { address: registers, userMode: false },
    });
    expect(frames.filter(({ isReturnAddress }) => !isReturnAddress)).toHaveLength(2);
    expect(end).toMatchObject({
      kind: "user-mode",
      entry: {
        kind: "system-call",
        number: 0,
        name: "read",
        registers: { instructionPointer: 0x40_1000n, userMode: true },
      },
    });
    expect(stacks.map(({ kind }) => kind)).toEqual(["hardirq", "task"]);
  });

  it.each([
    { where: "its first instruction", offset: 0n, below: 0x8n },
    { where: "the one behind the push", offset: 1n, below: 0x10n },
    { where: "its return", offset: 0xf1n, below: 0x8n },
  ])("has the caller of a function that stands at $where", ({ offset, below }) => {
    const { framePointer } = interrupt();
    const top = framePointer - 0x40n;
    guest.write(top - 8n, at("hrtimer_interrupt", 0x40n));
    guest.write(top - 16n, framePointer);
    stand(at("schedule", offset), top - below, framePointer);
    const { frames } = guest.kernel.stack();
    expect(places(frames)).toEqual([`schedule+0x${offset.toString(16)}`, ...INTERRUPTED]);
    expect(frames.every(({ reliable }) => reliable)).toBe(true);
  });

  it("has the caller of a function without a frame, by the call itself", () => {
    const { framePointer } = interrupt();
    const top = framePointer - 0x40n;
    // Two words that it has pushed, one of which looks like an address of code.
    guest.write(top - 24n, 5n, at("vfs_read", 0x99n), at("hrtimer_interrupt", 0x25n));
    stand(at("read_clock", 0x10n), top - 24n, framePointer);
    const { frames } = guest.kernel.stack();
    const [, ...rest] = INTERRUPTED;
    expect(places(frames)).toEqual(["read_clock+0x10", "hrtimer_interrupt+0x25", ...rest]);
    expect(frames.every(({ reliable }) => reliable)).toBe(true);
  });

  it("of a task that was switched out begins where it called the scheduler", () => {
    const vfsRead = systemCall();
    const schedule = frame(vfsRead - 0x40n, vfsRead, at("vfs_read", 0x70n));
    const inner = frame(schedule - 0x40n, schedule, at("schedule", 0x57n));
    // struct inactive_task_frame: six registers, the frame pointer the last, then the address.
    const saved = inner - 0x80n;
    guest.write(saved, 0n, 0n, 0n, 0n, 0n, inner, at("__schedule", 0x30n));
    guest.write(TASK + 0x30n, saved);
    const other = { ...guest.kernel.taskAt(TASK), address: TASK };
    // Somebody else is current.
    guest.write(guest.kernel.perCpu("current_task"), TASK + 0x1000n);
    const { frames, end } = guest.kernel.stack(other);
    expect(places(frames)).toEqual([
      "__schedule+0x30",
      "schedule+0x57",
      "vfs_read+0x70",
      "__x64_sys_read+0x13",
      "do_syscall_64+0x53",
      "entry_SYSCALL_64_after_hwframe+0x44",
    ]);
    expect(end).toMatchObject({ kind: "user-mode", entry: { name: "read" } });
  });

  it("is not there while a program runs", () => {
    guest.registers = { ...guest.registers, segments: { cs: 0x33 } };
    expect(guest.kernel.stack()).toEqual({
      frames: [],
      end: { kind: "not-in-kernel" },
      stacks: [],
    });
  });

  it("that is damaged is told from one that is whole, with guesses for the rest", () => {
    const { framePointer } = interrupt();
    guest.write(framePointer, 0x1234n);
    stand(at("hrtimer_interrupt", 0x40n), framePointer - 0x30n, framePointer);
    // The call of read_clock(), left from before.
    guest.write(framePointer + 0x18n, at("hrtimer_interrupt", 0x25n));
    const { frames, end } = guest.kernel.stack();
    expect(places(frames)).toEqual([
      "hrtimer_interrupt+0x40",
      "__sysvec_apic_timer_interrupt+0x60",
      "hrtimer_interrupt+0x25",
    ]);
    expect(frames.map(({ reliable }) => reliable)).toEqual([true, true, false]);
    expect(end).toMatchObject({
      kind: "broken",
      why: "The frame pointer is 0x1234: it is not aligned.",
    });
  });
});

describe("its task and memory", () => {
  it("are found through per-CPU variables that are offsets", () => {
    expect(guest.kernel.currentTask()).toMatchObject({
      address: TASK,
      pid: 1234,
      comm: "reader",
      state: "R",
      stack: { start: TASK_STACK, end: TASK_STACK + STACK_BYTES },
    });
    expect(guest.kernel.translate(guest.symbol("_stext") + 0x123n)).toBe(0x20_0123n);
  });
});
