// What is looked at between two instructions, by priority: SDM vol. 3A, 6.9.
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
  if (shadow != Shadow.All) {
    if (cpu.debugPending != 0) return deliverDebug(cpu, EventKind.Trap);
    if (cpu.nmiPending && !cpu.nmiBlocked) return deliverNmi(cpu);
  }
  const mayInterrupt = shadow == Shadow.None && (cpu.flags & Flag.Interrupt) != 0;
  if (mayInterrupt && cpu.pendingInterrupt != 0) return deliverInterrupt(cpu);
  if (shadow != Shadow.All && (cpu.flags & Flag.Resume) == 0) {
    const hit = instructionBreakpointsAt(cpu, cpu.rip);
    if (hit != 0) {
      cpu.debugPending = hit;
      return deliverDebug(cpu, EventKind.Trap);
    }
  }
  return stepWithTraps(cpu);
}

function stepWithTraps(cpu: Processor): bool {
  const traps = (cpu.flags & Flag.Trap) != 0;
  const resumes = (cpu.flags & Flag.Resume) != 0;
  // It is clear after any instruction that is completed, but those that load it.
  cpu.flags &= ~(<u64>Flag.Resume);
  cpu.hasDecidedTrap = false;
  const deliveries = cpu.deliveries;
  const repetitions = cpu.repetitions;
  const goesOn = step(cpu);
  if (cpu.deliveries != deliveries || cpu.stop == Stop.Exception) return goesOn;
  if (resumes && cpu.repetitions != repetitions) cpu.flags |= Flag.Resume;
  if (traps && !cpu.hasDecidedTrap) cpu.debugPending |= Dr6.SingleStep;
  updateAttention(cpu);
  const isShadowed = cpu.shadow == Shadow.All && cpu.shadowRip == cpu.rip;
  if (cpu.debugPending == 0 || isShadowed) return goesOn;
  // HLT is over, too.
  cpu.stop = Stop.Budget;
  return deliverDebug(cpu, EventKind.Trap);
}

function deliverDebug(cpu: Processor, kind: EventKind): bool {
  const pending = cpu.debugPending;
  cpu.debugPending = 0;
  updateAttention(cpu);
  let dr6 = cpu.dr6;
  if ((pending & Dr6.Breakpoints) != 0) dr6 &= ~(<u64>Dr6.Breakpoints);
  cpu.dr6 = dr6 | pending;
  cpu.raise(Vector.Debug);
  return deliverEvent(cpu, kind);
}

function deliverNmi(cpu: Processor): bool {
  cpu.nmiPending = false;
  cpu.nmiBlocked = true;
  cpu.raise(Vector.Nmi);
  return deliverEvent(cpu, EventKind.External);
}

function deliverInterrupt(cpu: Processor): bool {
  const vector = cpu.pendingInterrupt - 1;
  cpu.pendingInterrupt = 0;
  cpu.raise(vector);
  cpu.faultHasError = false;
  return deliverEvent(cpu, EventKind.External);
}
