import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";
import { hasInstructionBreakpoint } from "./breakpoints";

/** Why the loop may not simply execute the next block (`Processor.attention`). */
export enum Attention {
  /** An interrupt waits, and IF is set. */
  Interrupt = 1 << 0,
  /** An NMI waits, and none is being handled. */
  Nmi = 1 << 1,
  /** TF is set: each instruction traps. */
  Trap = 1 << 2,
  /** RF is set, and is to be clear after the next instruction. */
  Resume = 1 << 3,
  /** A debug exception waits. */
  Debug = 1 << 4,
  /** DR7 has a breakpoint for instructions. */
  Breakpoint = 1 << 5,
}

/** To be called when RFLAGS, DR7 or something that waits has changed. */
export function updateAttention(cpu: Processor): void {
  let attention: u32 = 0;
  const flags = <u32>cpu.flags;
  if (cpu.pendingInterrupt != 0 && (flags & Flag.Interrupt) != 0) attention |= Attention.Interrupt;
  if (cpu.nmiPending && !cpu.nmiBlocked) attention |= Attention.Nmi;
  if ((flags & Flag.Trap) != 0) attention |= Attention.Trap;
  if ((flags & Flag.Resume) != 0) attention |= Attention.Resume;
  if (cpu.debugPending != 0) attention |= Attention.Debug;
  if (hasInstructionBreakpoint(cpu)) attention |= Attention.Breakpoint;
  cpu.attention = attention;
}
