import { Block } from "../blocks/block";
import { stopsAtRip } from "../debugger/host-breakpoints";
import { HostWatchpoints } from "../debugger/host-watchpoints";
import { attend } from "../exceptions/between-instructions";
import { deliverException } from "../exceptions/deliver";
import { execute, nextBlock } from "../hot/execute";
import { CAREFUL } from "../memory/access";
import { After, Stop } from "../state/after";
import { Operation, Prefix } from "../state/operation";
import { Processor } from "../state/processor";
import { Vector } from "../state/vectors";
import { step } from "./step";

/**
 * Executes at the most so many instructions.
 * @returns of {@link Stop}, why it has ended
 */
export function run(cpu: Processor, budget: i64): Stop {
  cpu.budget = budget;
  cpu.stop = Stop.Budget;
  cpu.passesBreakpoint = true;
  const watchpoints = changetype<HostWatchpoints>(cpu.watchpoints);
  watchpoints.hit = 0;
  cpu.instructionsAtEnd = cpu.instructions + <u64>budget;
  while (cpu.budget > 0 && watchpoints.hit == 0) {
    if (stopsAtRip(cpu)) {
      cpu.stop = Stop.Breakpoint;
      break;
    }
    if (cpu.attention != 0) {
      if (!attend(cpu)) break;
      continue;
    }
    const block = nextBlock(cpu);
    const isWhole = block != 0 && changetype<Block>(block).count <= <u64>cpu.budget;
    if (!(isWhole ? execute(cpu, changetype<Block>(block)) : step(cpu))) break;
  }
  if (watchpoints.hit != 0) cpu.stop = Stop.Watchpoint;
  cpu.instructions += budget - cpu.budget;
  return cpu.stop;
}

/** An instruction has ended otherwise than by leading to the next one. */
export function finish(cpu: Processor, op: Operation, after: i32): bool {
  if (after == After.Stop) {
    cpu.rip += op.next;
    cpu.budget--;
    return false;
  }
  cpu.rip += op.next - op.length;
  if (after == After.Repeat) {
    cpu.budget--;
    cpu.repetitions++;
    return true;
  }
  if (cpu.faultVector == CAREFUL) return step(cpu);
  if (cpu.faultIsForAddress && op.has(Prefix.StackSegment)) cpu.faultVector = Vector.StackFault;
  return deliverException(cpu);
}
