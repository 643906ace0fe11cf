// What is looked at between two instructions, by priority: SDM vol. 3A, 6.9.
import { instructionsDone } from "../run/instruction-count";
import { step } from "../run/step";
import { Stop } from "../state/after";
import { EventKind, Shadow } from "../state/event";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";
import { Vector } from "../state/vectors";
import { updateAttention } from "./attention";
import { Dr6, instructionBreakpointsAt } from "./breakpoints";
import { deliverEvent } from "./deliver";

/**
 * Delivers what waits, or executes one instruction and sees to what comes behind it: the loop's way
 * as long as `cpu.attention` is not 0. @returns whether the run goes on
 */
export function attend(cpu: Processor): bool {
  const shadow = cpu.shadowRip == cpu.rip ? cpu.shadow : <u32>Shadow.None;
  cpu.shadow = Shadow.None;
  const mayInterrupt = shadow == Shadow.None && (cpu.flags & Flag.Interrupt) != 0;
  if (shadow != Shadow.All) {
    if (cpu.debugPending != 0) return deliverDebug(cpu);
    if (cpu.nmiPending && !cpu.nmiBlocked) return deliverNmi(cpu);
  }
  if (mayInterrupt && cpu.pendingInterrupt != 0) return deliverInterrupt(cpu);
  const mayBreak = shadow != Shadow.All && (cpu.flags & Flag.Resume) == 0 && !isRepeating(cpu);
  const hit = mayBreak ? instructionBreakpointsAt(cpu, cpu.rip) : 0;
  if (hit == 0) return stepWithTraps(cpu);
  cpu.debugPending = hit;
  return deliverDebug(cpu);
}

/** Whether it is not between two instructions, but between two repetitions of one. */
function isRepeating(cpu: Processor): bool {
  return cpu.repeatedAt == instructionsDone(cpu);
}

function stepWithTraps(cpu: Processor): bool {
  const traps = (cpu.flags & Flag.Trap) != 0;
  const resumes = (cpu.flags & Flag.Resume) != 0;
  // It is clear after any instruction that is completed, but those that load it.
  cpu.flags &= ~(<u64>Flag.Resume);
  cpu.hasDecidedTrap = false;
  const deliveries = cpu.deliveries;
  const goesOn = step(cpu);
  if (cpu.deliveries != deliveries || cpu.stop == Stop.Exception) return goesOn;
  if (resumes && isRepeating(cpu)) cpu.flags |= Flag.Resume;
  if (traps && !cpu.hasDecidedTrap) cpu.debugPending |= Dr6.SingleStep;
  updateAttention(cpu);
  const isShadowed = cpu.shadow == Shadow.All && cpu.shadowRip == cpu.rip;
  if (cpu.debugPending == 0 || isShadowed) return goesOn;
  // HLT is over, too.
  cpu.stop = Stop.Budget;
  return deliverDebug(cpu);
}

function deliverDebug(cpu: Processor): bool {
  const pending = cpu.debugPending;
  cpu.debugPending = 0;
  updateAttention(cpu);
  let dr6 = cpu.dr6;
  if ((pending & Dr6.Breakpoints) != 0) dr6 &= ~(<u64>Dr6.Breakpoints);
  cpu.dr6 = dr6 | pending;
  cpu.raise(Vector.Debug);
  return deliverBetween(cpu, EventKind.Trap);
}

function deliverNmi(cpu: Processor): bool {
  cpu.nmiPending = false;
  cpu.nmiBlocked = true;
  cpu.raise(Vector.Nmi);
  return deliverBetween(cpu, EventKind.External);
}

function deliverInterrupt(cpu: Processor): bool {
  const vector = cpu.pendingInterrupt - 1;
  cpu.pendingInterrupt = 0;
  cpu.raise(vector);
  cpu.faultHasError = false;
  return deliverBetween(cpu, EventKind.External);
}

/** RF is set in the frame if repetitions are left (SDM vol. 3B, 17.3.1.1). */
function deliverBetween(cpu: Processor, kind: EventKind): bool {
  if (isRepeating(cpu)) cpu.flags |= Flag.Resume;
  return deliverEvent(cpu, kind);
}
